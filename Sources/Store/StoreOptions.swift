/// How a store is opened.
package struct StoreOptions: Sendable {
    /// Whether bodies are stored; facts always are.
    package var storesBodies: Bool
    /// The free space below which no new event is taken. Mails go on below it: they make room.
    package var floorBytes: Int64
    /// How long a key whose origin is `digest` is known: without an id, an equal body a day later is a new event.
    package var digestKeysKept: Duration
    /// A database file larger than this is not checked at start: the check reads the whole file.
    package var startCheckBytesMax: Int64
    /// How many pages of 8 KiB the write-ahead log may grow by between two checkpoints; at least 1.
    package var checkpointPages: Int
    /// How long a statement waits for another process (a shell, a backup) that holds SQLite's lock.
    package var busyWait: Duration
    /// Reads the free bytes where the store lives; `nil` asks the file system (in memory: nobody).
    package var freeBytes: (@Sendable () -> Int64?)?
    /// Reads the clocks, so that a wall clock that was set is noticed; `nil` looks at none: log time then never falls.
    package var clock: (@Sendable () -> ClockReading)?

    package init(
        storesBodies: Bool = true, floorBytes: Int64 = StoreOptions.floorBytes(bodyBytesMax: 32 << 20),
        digestKeysKept: Duration = .seconds(86_400), startCheckBytesMax: Int64 = 1 << 30,
        checkpointPages: Int = 4_096, busyWait: Duration = .seconds(5), freeBytes: (@Sendable () -> Int64?)? = nil,
        clock: (@Sendable () -> ClockReading)? = nil
    ) {
        self.storesBodies = storesBodies
        self.floorBytes = floorBytes
        self.digestKeysKept = digestKeysKept
        self.startCheckBytesMax = startCheckBytesMax
        self.checkpointPages = checkpointPages
        self.busyWait = busyWait
        self.freeBytes = freeBytes
        self.clock = clock
    }

    /// The default floor: one and a half times the largest body taken (Postfix's rule for `message_size_limit`), and at
    /// least 256 MiB.
    package static func floorBytes(bodyBytesMax: Int64) -> Int64 {
        let (sum, overflow) = bodyBytesMax.addingReportingOverflow(bodyBytesMax / 2)
        return max(overflow ? .max : sum, 256 << 20)
    }
}
