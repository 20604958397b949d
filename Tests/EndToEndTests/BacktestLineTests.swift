import Foundation
import TestSupport
import Testing

/// Files of events whose lines have no end.
@Suite(.timeLimit(.minutes(2))) struct BacktestLineTests {
    /// `/dev/zero` never ends: what reads a line whole before it looks at its length takes all memory there is. The
    /// shell gives it 8 GiB of addresses, so that the machine outlives a test that fails.
    @Test(arguments: ["--events /dev/zero", "--events - </dev/zero", "--events - <pipe"])
    func aLineWithoutAnEndIsRefusedAtItsLimit(words: String) async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        let command = """
            cd \(server.folder.path) && ulimit -v 8388608 && mkfifo pipe && { cat /dev/zero >pipe 2>/dev/null & } \
            && \(ServerProcess.executable.path) backtest \(words) 2>&1; echo "code $?"; exec 3<>pipe; exec 3<&-
            """
        let result = try await DetachedThread.run { try TestProcess.run("/bin/bash", ["-c", command]) }
        #expect(result.output.contains("line 1, is longer than 32 MiB.\ncode 65"), "\(result.output.prefix(500))")
    }

    /// Lines of every length around the pieces in which a file is read, also twice: before the first timestamp.
    @Test(arguments: [false, true]) func linesOfEveryLengthAreRead(isPiped: Bool) async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        var lines = [65_535, 65_536, 65_537, 131_072, 7, 0].map { length in
            let event = #"{"status_code": 500, "note": "#
            return length < 50 ? #"{"status_code": 500}"# : event + "\"" + String(repeating: "x", count: length) + "\"}"
        }
        lines.insert("", at: 3)
        lines.append(#"{"status_code": 500, "timestamp": "2026-11-26T09:30:00Z"}"#)
        let text = lines.joined(separator: "\n")
        try text.write(
            to: server.folder.appendingPathComponent("events.jsonl"), atomically: true, encoding: .utf8)
        let command =
            "cd \(server.folder.path) && "
            + (isPiped
                ? "cat events.jsonl | \(ServerProcess.executable.path) backtest --events - --json"
                : "\(ServerProcess.executable.path) backtest --events events.jsonl --json")
        let result = try await DetachedThread.run { try TestProcess.run("/bin/bash", ["-c", command]) }
        #expect(result.output.contains(#""matches":7"#), "\(result.output)")
        #expect(result.output.contains("2026-11-26T09:30:00Z") && !result.output.contains("1970"))
    }
}
