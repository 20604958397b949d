import Events
import Foundation
import TestSupport
import Testing

/// The mistakes that everybody's first file has. A folder of `NewcomerMistakes` or `WindowMistakes` is the file and all
/// that `hookmail check` says about it: where, and what to write instead. `HOOKMAIL_RECORD_FIXTURES=1` writes it anew;
/// read it as somebody who has never seen the program.
@Suite(.timeLimit(.minutes(3))) struct NewcomerMistakeTests {
    static let mistakes = [
        "01-wrong-indent", "02-unknown-key", "03-exclamation-mark-unquoted", "04-number-in-quotes", "05-unknown-field",
        "06-duplicate-name", "07-bad-duration", "08-bad-address", "09-missing-secret", "10-unknown-template-variable",
        "11-template-without-quotes", "12-status-against-number",
    ]

    /// Those of the first rules that look over time.
    static let mistakesWithWindows = [
        "01-two-windows", "02-within-missing", "03-bad-time-zone", "04-ratio-of-five", "05-unknown-group-field",
        "06-cron-typo", "07-inhibit-loop", "08-mute-of-unknown-rule", "09-test-that-cannot-hold",
        "10-throttle-longer-than-digest",
    ]

    @Test(arguments: mistakes.map { "NewcomerMistakes/\($0)" } + mistakesWithWindows.map { "WindowMistakes/\($0)" })
    func theMessageSaysWhereAndWhatToWriteInstead(name: String) async throws {
        let folder = try ScratchFolder()
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: name).appending(path: "hookmail.yaml")
        let text = try String(contentsOf: source, encoding: .utf8)
        try text.write(toFile: folder.path + "/hookmail.yaml", atomically: true, encoding: .utf8)
        let secret = folder.path + "/hookmail.secret"
        try "0123456789abcdef0123456789abcdef\n".write(toFile: secret, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)

        let result = try await ServerProcess.run(["check"], in: URL(fileURLWithPath: folder.path))
        #expect(result.status == 78)
        try Snapshot.expect(result.errors + result.output, in: name, as: "said")
        #expect(result.errors.components(separatedBy: ": error: ").count == 2, "one mistake, one message")
        #expect(result.errors.hasPrefix("./hookmail.yaml:"), "it does not say where")
        let caret = result.errors.split(separator: "\n").first { $0.contains("^") && !$0.contains(":") }
        #expect(caret != nil, "it does not point at the place")
        let said = result.errors
        #expect(said.contains("\nhint: ") || said.contains("did you mean"), "it does not say what to write instead")

        let json = try await ServerProcess.run(["check", "--json"], in: URL(fileURLWithPath: folder.path))
        let found = try JSONValue.decode(Array("{\"all\":\(json.output)}".utf8))["all"]?.array ?? []
        #expect(found.count == 1 && json.errors.isEmpty && json.status == 78)
    }
}
