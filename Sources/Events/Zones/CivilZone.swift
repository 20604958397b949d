/// A time zone: how far its wall clocks are from UTC, and when they are moved.
///
/// A value made of the bytes of a compiled zone file (TZif, RFC 9636), of a fixed offset, or UTC. It covers every
/// instant: before the first change in the file the first kind of time holds, after the last one the rule in the
/// file's footer.
package struct CivilZone: Sendable, Equatable {
    /// The name as people write it: `Europe/Berlin`, `UTC`, `+05:30`.
    package let name: String
    /// The instants of the changes in the file, in seconds since the epoch, rising.
    private let changes: [Int64]
    /// Seconds east of UTC from the change of the same index on.
    private let offsets: [Int32]
    /// Seconds east of UTC before the first change.
    private let firstOffset: Int32
    /// What holds after the last change, where the file says so.
    private let rule: YearlyRule?

    /// Universal time.
    package static let utc = CivilZone(name: "UTC", offsetSeconds: 0)

    /// The farthest a wall clock may be from UTC, in seconds: RFC 9636 allows from −25 to +26 hours, exclusive.
    static let offsetSecondsMax: Int64 = 26 * 3_600

    /// A zone whose clocks are never moved.
    ///
    /// - Parameter offsetSeconds: Seconds east of UTC, less than 26 hours.
    package init(name: String, offsetSeconds: Int) {
        self.init(name: name, changes: [], offsets: [], firstOffset: Int32(clamping: offsetSeconds), rule: nil)
    }

    init(name: String, changes: [Int64], offsets: [Int32], firstOffset: Int32, rule: YearlyRule?) {
        self.name = name
        self.changes = changes
        self.offsets = offsets
        self.firstOffset = firstOffset
        self.rule = rule
    }

    /// Seconds east of UTC at an instant.
    package func offsetSeconds(at instant: Timestamp) -> Int {
        Int(offset(atSecond: instant.wholeSeconds))
    }

    /// What calendar and clock show at an instant; parts of a second are cut.
    package func civil(at instant: Timestamp) -> CivilTime {
        let second = instant.wholeSeconds
        return CivilTime(wallSeconds: second + offset(atSecond: second))
    }

    /// The first instant at which the wall clock shows `time` or later.
    ///
    /// A time that comes twice, when clocks are set back, is so its first occurrence; one that is skipped, when they
    /// are set forward, is the first instant after the gap. A later time never has an earlier instant.
    package func instant(of time: CivilTime) -> Timestamp {
        instant(ofWall: time.wallSeconds)
    }

    /// The same for so many seconds after 1970-01-01T00:00:00 on the wall, which may count on beyond a day's end.
    package func instant(ofWall wall: Int64) -> Timestamp {
        // Early enough that the clock shows less than `wall` whatever the offset.
        var start = wall - Self.offsetSecondsMax
        while true {
            let candidate = max(wall - offset(atSecond: start), start)
            guard let end = nextChange(afterSecond: start), end <= candidate else {
                return Timestamp(seconds: candidate)
            }
            start = end
        }
    }

    // MARK: Changes

    /// The next instant at which clocks may be moved, or `nil` when they never are again.
    private func nextChange(afterSecond second: Int64) -> Int64? {
        let index = Self.count(of: changes, notAfter: second)
        if index < changes.count { return changes[index] }
        return rule?.nextChange(afterSecond: second)
    }

    private func offset(atSecond second: Int64) -> Int64 {
        let count = Self.count(of: changes, notAfter: second)
        if count == changes.count, let rule { return rule.offset(atSecond: second) }
        return Int64(count == 0 ? firstOffset : offsets[count - 1])
    }

    private static func count(of changes: [Int64], notAfter second: Int64) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Timestamp {
    /// Seconds since the epoch, rounded down.
    package var wholeSeconds: Int64 {
        let quotient = microseconds / 1_000_000
        return microseconds % 1_000_000 < 0 ? quotient - 1 : quotient
    }
}
