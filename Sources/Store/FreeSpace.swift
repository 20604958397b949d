import Glibc
import Synchronization

/// Watches the free space where a store lives.
final class FreeSpace: Sendable {
    /// Below this no new event is taken.
    let floorBytes: Int64

    private let probe: FreeBytesProbe

    /// - Parameter freeBytes: asked each time.
    init(floorBytes: Int64, freeBytes: @escaping @Sendable () -> Int64?) {
        self.floorBytes = floorBytes
        probe = FreeBytesProbe(restSeconds: 0, read: freeBytes)
    }

    /// - Parameter path: the file system of this database is asked at most once a second.
    init(floorBytes: Int64, database path: String) {
        self.floorBytes = floorBytes
        probe = FreeBytesProbe(restSeconds: 1) { StoreFolder.freeBytes(database: path) }
    }

    /// The free bytes, or `nil` where nobody can say.
    var bytes: Int64? { probe.bytes }

    /// Whether there is room for new events. Unknown free space counts as room.
    var hasRoom: Bool { bytes.map { $0 >= floorBytes } ?? true }

    /// Makes the next question go to the file system: a write has just found the disk full.
    func forget() {
        probe.forget()
    }

    /// The error for a store without room.
    var fullError: StoreError { .full(freeBytes: bytes ?? 0, floorBytes: floorBytes) }
}

/// Reads a number of free bytes and rests before it reads again.
private final class FreeBytesProbe: Sendable {
    private struct Reading {
        let bytes: Int64?
        let second: Int
    }

    private let restSeconds: Int
    private let read: @Sendable () -> Int64?
    private let last = Mutex<Reading?>(nil)

    init(restSeconds: Int, read: @escaping @Sendable () -> Int64?) {
        self.restSeconds = restSeconds
        self.read = read
    }

    var bytes: Int64? {
        last.withLock { last in
            let second = Self.monotonicSecond()
            if let last, second - last.second < restSeconds { return last.bytes }
            let bytes = read()
            last = Reading(bytes: bytes, second: second)
            return bytes
        }
    }

    func forget() {
        last.withLock { $0 = nil }
    }

    /// Seconds of a clock that nobody sets; it only spaces the questions and decides nothing.
    private static func monotonicSecond() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return time.tv_sec
    }
}

extension FreeSpace {
    /// The free space beside a database.
    static func beside(_ path: String, options: StoreOptions) -> FreeSpace {
        guard let freeBytes = options.freeBytes else {
            return FreeSpace(floorBytes: options.floorBytes, database: path)
        }
        return FreeSpace(floorBytes: options.floorBytes, freeBytes: freeBytes)
    }
}
