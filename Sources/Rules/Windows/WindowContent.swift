/// How one kind of window keeps its contents. All instants are microseconds since the epoch, and far enough from the
/// ends of the range that spans can be added to them.
///
/// A value: copies share their storage until one of them is written to.
protocol WindowContent: Sendable {
    /// Takes an input; false when it is late or of another kind. The content stands at `now`, and `at` is not after it.
    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool
    /// Drops what has left the window at `now`, which is not before any earlier `now`.
    mutating func advance(to now: Int64)
    /// The measure at `now`, at which the content stands.
    func measure(at now: Int64) -> WindowMeasure
    /// When the measure next changes by time alone; the content stands at `now`.
    func nextChange(after now: Int64) -> Int64?
    /// The measure of `bars` equal parts of the window, the oldest first; the content stands at `now`.
    func trend(at now: Int64, bars: Int) -> [Double]
    /// Moves every instant.
    mutating func shift(by step: Int64)
    /// Appends what `decode` reads; the content stands at `now`.
    func encode(into bytes: inout [UInt8], now: Int64)
    /// Reads what `encode` wrote into this empty content, which then stands at `now`; false for what it cannot have
    /// written.
    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool
    /// About how many bytes of memory it takes, those of shared storage included.
    var bytes: Int { get }
}
