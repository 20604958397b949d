import Rules
import Testing

/// Spans of time and throttles as people write them.
@Suite struct WrittenValueTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("15m", .seconds(900)), ("1h", .seconds(3_600)),
        ("7d", .seconds(604_800)), ("0s", .zero), ("007m", .seconds(420)),
    ])
    func spansAreRead(text: String, duration: Duration) {
        #expect(Duration(written: text) == duration)
    }

    @Test(arguments: [
        "", "15", "m", "15 m", "15min", "1h30m", "-1h", "+1h", "1.5h", "1w", "1H", " 1h", "1h ", "١h",
        "99999999999999999999d",
        "9223372036854775807d",
    ])
    func whatIsNoSpanIsRefused(text: String) {
        #expect(Duration(written: text) == nil)
    }

    @Test func spansAreWrittenInTheirLargestUnit() {
        let written = ["500ms", "90s", "15m", "36h", "7d"]
        #expect(written.map { Duration(written: $0)?.written } == written)
        #expect(Duration.seconds(900).written == "15m" && Duration.zero.written == "0ms")
    }

    @Test(arguments: [
        ("1 per 15m", 1, 900), ("60 per 1h", 60, 3_600), ("10000  per  366d", 10_000, 366 * 86_400),
        ("1 per 1000ms", 1, 1),
    ])
    func throttlesAreRead(text: String, mails: Int, seconds: Int) throws {
        let ruleSet = try EngineRun.throttled(text)
        #expect(ruleSet.rules[0].throttle == Throttle(mails: mails, window: .seconds(seconds)))
    }

    @Test(arguments: [
        "0 per 1h", "10001 per 1h", "1 per 999ms", "1 per 367d", "1 per hour", "1/1h", "one per 1h", "-1 per 1h",
        "1 per 1h 2",
        "99999999999999999999 per 1h", "true", "15m", "[1 per 1h]", "",
    ])
    func whatIsNoThrottleIsRefused(text: String) {
        #expect(throws: (any Error).self) { try EngineRun.throttled(text) }
    }
}
