/// A memory of texts: whether the one that just came is new.
struct FirstSeenContent: WindowContent {
    private let forgetAfter: Int64
    private var texts = RecencyTable()
    /// Whether the text that was added last, at the present instant, was new.
    private var isNew = false

    /// A memory that forgets a text `forgetAfter` microseconds after it was last seen.
    init(forgetAfter: Int64) {
        self.forgetAfter = forgetAfter
    }

    mutating func add(_ input: WindowInput, at: Int64, now: Int64) -> Bool {
        guard case .text(let text) = input, at > now - forgetAfter else { return false }
        isNew = texts.see(TextHash.of(text), at: at)
        if texts.count > WindowShape.textsSeenMax { texts.forgetLeastRecent() }
        return true
    }

    mutating func advance(to now: Int64) {
        isNew = false
        texts.forget(through: now - forgetAfter)
    }

    func measure(at now: Int64) -> WindowMeasure {
        WindowMeasure(value: isNew ? 1 : 0, samples: texts.count)
    }

    // What is new is so for the one input; forgetting changes nothing that could be told.
    func nextChange(after now: Int64) -> Int64? { nil }
    func trend(at now: Int64, bars: Int) -> [Double] { [] }
    mutating func shift(by step: Int64) { texts.shift(by: step) }

    func encode(into bytes: inout [UInt8], now: Int64) {
        texts.encode(into: &bytes, now: now)
        bytes.append(isNew ? 1 : 0)
    }

    mutating func decode(_ reader: inout RowReader, now: Int64) -> Bool {
        guard
            let texts = RecencyTable(
                reading: &reader, now: now, span: forgetAfter, textsMax: WindowShape.textsSeenMax),
            let isNew = reader.byte(), isNew <= 1
        else { return false }
        self.texts = texts
        self.isNew = isNew == 1
        return true
    }

    var bytes: Int { MemoryLayout<Self>.size + 16 + texts.bytes }
}
