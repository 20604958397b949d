import Events

/// A clock on a wall that is looked at once a minute, and that never seems to go back: while it shows what was there
/// before, it counts as standing still. The plain model that schedules and spans of time are compared with.
struct WallWalk {
    let zone: CivilZone
    private(set) var instant: Timestamp
    /// Minutes since 1970 of what it showed at most.
    private(set) var wall: Int64
    /// The minutes that came since the last look: those that were skipped, too.
    private(set) var arrived: ClosedRange<Int64>?

    /// - Parameter start: A full minute, far enough from a change of the clock.
    init(_ zone: CivilZone, from start: Timestamp) {
        self.zone = zone
        instant = start
        wall = Self.shown(zone, start)
    }

    mutating func step() {
        instant = instant.advanced(by: .seconds(60))
        let shown = Self.shown(zone, instant)
        arrived = shown > wall ? wall + 1...shown : nil
        wall = max(wall, shown)
    }

    private static func shown(_ zone: CivilZone, _ instant: Timestamp) -> Int64 {
        (instant.wholeSeconds + Int64(zone.offsetSeconds(at: instant))) / 60
    }

    /// Days around changes of clocks, and what is odd about them.
    static let days: [(zone: String, start: String)] = [
        ("Europe/Berlin", "2026-03-27T00:00:00Z"), ("Europe/Berlin", "2026-10-23T00:00:00Z"),
        ("America/New_York", "2026-03-06T00:00:00Z"), ("America/New_York", "2026-10-30T00:00:00Z"),
        // Half an hour only.
        ("Australia/Lord_Howe", "2026-04-02T00:00:00Z"), ("Australia/Lord_Howe", "2026-10-01T00:00:00Z"),
        // A day that never was.
        ("Pacific/Apia", "2011-12-28T00:00:00Z"),
        // At midnight, forward and back.
        ("America/Asuncion", "2023-09-29T00:00:00Z"), ("America/Asuncion", "2024-03-22T00:00:00Z"),
        ("Asia/Kathmandu", "2026-02-26T00:00:00Z"), ("UTC", "2028-02-27T00:00:00Z"),
        ("Europe/Berlin", "2099-03-27T00:00:00Z"), ("America/New_York", "2100-11-05T00:00:00Z"),
    ]
}
