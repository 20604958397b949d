import Events
import Foundation
import TestSupport
import Testing

/// Zones against those of Python's zoneinfo, which reads the same files by code of its own.
@Suite struct ZoneDifferentialTests {
    private static let oracle = """
        import sys
        from datetime import datetime, timedelta, timezone
        from zoneinfo import ZoneInfo
        epoch = datetime(1970, 1, 1)
        zones = {}
        def wall(zone, second):
            moment = (epoch + timedelta(seconds=second)).replace(tzinfo=timezone.utc).astimezone(zone)
            return (moment.replace(tzinfo=None) - epoch) // timedelta(seconds=1)
        for line in sys.stdin:
            name, second = line.split()
            second = int(second)
            zone = zones.setdefault(name, ZoneInfo(name))
            shown = (epoch + timedelta(seconds=second)).replace(tzinfo=zone)
            late, early = [second - shown.replace(fold=fold).utcoffset() // timedelta(seconds=1) for fold in (0, 1)]
            if wall(zone, late) != second:
                # Skipped: the first instant that shows it or later lies between the two readings.
                while late - early > 1:
                    middle = (late + early) // 2
                    if wall(zone, middle) >= second: late = middle
                    else: early = middle
            print(wall(zone, second) - second, late)
        """

    /// Every zone of the machine: offsets at an instant, and instants of a wall time, many of them on Sundays at the
    /// hours when clocks are moved.
    @Test(.timeLimit(.minutes(5))) func zonesAgreeWithPython() throws {
        try #require(Python.path != nil, "python3 is not installed")
        var random = SeededRandom.announced(for: "zonesAgreeWithPython")
        let each = ProcessInfo.processInfo.environment["HOOKMAIL_ZONE_CASES"].flatMap { Int($0) } ?? 40
        var asked: [(zone: CivilZone, second: Int64)] = []
        for name in ZoneDirectory.system.names {
            let zone = try ZoneDirectory.system.zone(named: name)
            for _ in 0..<each { asked.append((zone, Self.second(&random))) }
        }
        let input = asked.map { "\($0.zone.name) \($0.second)\n" }.joined()
        let answers = String(decoding: try Python.run(Self.oracle, input: Array(input.utf8)), as: UTF8.self)
            .split(separator: "\n")
        try #require(answers.count == asked.count)
        for (question, answer) in zip(asked, answers) {
            let offset = question.zone.offsetSeconds(at: Timestamp(seconds: question.second))
            let instant = question.zone.instant(of: CivilTime(wallSeconds: question.second)).wholeSeconds
            #expect("\(offset) \(instant)" == answer, "\(question.zone.name) at \(question.second)")
        }
    }

    /// A second from 1890 to 2110.
    private static func second(_ random: inout SeededRandom) -> Int64 {
        let any = Int64.random(in: -2_524_521_600...4_417_977_600, using: &random)
        guard Bool.random(using: &random) else { return any }
        let days = any / 86_400
        let sunday = days - Int64(CivilDate(daysSinceEpoch: days).weekday + 1)
        return sunday * 86_400 + Int64.random(in: -7_200...14_400, using: &random)
    }
}
