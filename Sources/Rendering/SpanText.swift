import Events

/// Lengths of time as people read them, in their two largest units: `23m`, `4h 30m`, `2 days 3 hours`.
enum SpanText {
    /// For headlines and tables, in the letters of the configuration: `1h 5m`.
    static func short(_ span: Duration) -> String {
        parts(span).map { "\(FigureText.grouped($0.count))\($0.unit.letter)" }.joined(separator: " ")
    }

    /// For sentences: `1 hour 5 minutes`.
    static func long(_ span: Duration) -> String {
        parts(span).map { "\(FigureText.grouped($0.count)) \($0.unit.name)\($0.count == 1 ? "" : "s")" }
            .joined(separator: " ")
    }

    /// A span of that many seconds; of what no clock could have measured the nearest that one could.
    static func span(seconds: Double) -> Duration {
        .seconds(seconds.isNaN ? 0 : min(max(seconds, 0), 1e10))
    }

    private typealias Unit = (seconds: Int64, letter: String, name: String)

    private static let units: [Unit] = [
        (86_400, "d", "day"), (3_600, "h", "hour"), (60, "m", "minute"), (1, "s", "second"),
    ]

    private static func parts(_ span: Duration) -> [(count: Int64, unit: Unit)] {
        var rest = max(0, span.wholeMicroseconds / 1_000_000)
        guard let first = units.firstIndex(where: { rest >= $0.seconds }) else { return [(0, units[3])] }
        var parts: [(count: Int64, unit: Unit)] = []
        for unit in units[first...].prefix(2) {
            let count = rest / unit.seconds
            rest %= unit.seconds
            if count > 0 { parts.append((count, unit)) }
        }
        return parts
    }
}
