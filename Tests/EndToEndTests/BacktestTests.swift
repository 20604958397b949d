import Events
import Foundation
import TestSupport
import Testing

/// `hookmail backtest` over the events of a file.
@Suite(.timeLimit(.minutes(3))) struct BacktestTests {
    private static let configuration = """
        sources: {test: {path: /hook, verify: keywordsai, secrets: [{env: HOOKMAIL_BACKTEST_SECRET}]}}
        mail: {from: a@example.com, server: "maildir:./mail"}
        rules:
          - {name: silence, absent: {for: 30m}, notify: b@example.com}
          - {name: failed-calls, when: failed, notify: b@example.com}
        """
    private static let failed = #"{"status_code": 500}"#
    private static let stamped = #"{"status_code": 200, "timestamp": "2026-10-01T12:00:00Z"}"#

    /// - Parameter isPiped: whether the events come through a pipe, which nobody can read twice.
    private func report(_ lines: [String], isPiped: Bool = false) async throws -> JSONValue {
        let folder = try ScratchFolder()
        try Self.configuration.write(toFile: folder.path + "/hookmail.yaml", atomically: true, encoding: .utf8)
        try lines.joined(separator: "\n").write(
            toFile: folder.path + "/events.jsonl", atomically: true, encoding: .utf8)
        if isPiped {
            let program = ServerProcess.executable.path
            let piped = try await DetachedThread.run {
                try TestProcess.run(
                    "/bin/sh",
                    ["-c", "cd '\(folder.path)' && cat events.jsonl | '\(program)' backtest --events - --json"])
            }
            try #require(piped.status == 0, "\(piped.output)")
            return try JSONValue.decode(Array(piped.output.utf8))
        }
        let result = try await ServerProcess.run(
            ["backtest", "--events", "events.jsonl", "--json"], in: URL(fileURLWithPath: folder.path))
        try #require(result.status == 0, "\(result.errors)")
        return try JSONValue.decode(Array(result.output.utf8))
    }

    private func mails(_ report: JSONValue) -> [Int64?] { report["rules"]?.array?.map { $0["mails"]?.int } ?? [] }

    @Test(arguments: [false, true])
    func whatStandsBeforeTheFirstTimestampStandsAtIt(isPiped: Bool) async throws {
        let report = try await report([Self.failed, Self.failed, Self.stamped, Self.failed], isPiped: isPiped)
        #expect(report["from"]?.string == report["to"]?.string)
        #expect(report["from"]?.string?.hasPrefix("2026-10-01T12:00:00") == true)
        #expect(report["events"]?.int == 4 && report["disordered"]?.int == 0)
        #expect(mails(report) == [0, 3], "no time has passed, so nothing was absent")
    }

    @Test(arguments: [false, true])
    func aFileWithoutTimestampsStandsWhereRuleTestsBegin(isPiped: Bool) async throws {
        let report = try await report([Self.failed, Self.failed], isPiped: isPiped)
        #expect(report["from"]?.string?.hasPrefix("2026-01-05T12:00:00") == true)
        #expect(mails(report) == [0, 2])
        #expect(try await self.report([])["events"]?.int == 0)
    }

    /// Far more than anybody would hold in memory, and the timestamp comes behind them all.
    @Test(arguments: [false, true])
    func theFirstTimestampIsFoundHoweverFarItIs(isPiped: Bool) async throws {
        let ordinary = #"{"status_code": 200}"#
        let report = try await report(
            Array(repeating: ordinary, count: 20_000) + [Self.failed, "", Self.stamped, Self.failed], isPiped: isPiped)
        #expect(report["events"]?.int == 20_003)
        #expect(report["from"]?.string?.hasPrefix("2026-10-01T12:00:00") == true)
        #expect(report["from"]?.string == report["to"]?.string)
        #expect(mails(report) == [0, 2], "no time has passed, so nothing was absent")
    }
}
