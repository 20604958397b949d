import Foundation
import TestSupport
import Testing

/// Colour is for people at a terminal: never in a pipe, and not where they do not want it.
@Suite(.timeLimit(.minutes(3))) struct ColourTests {
    private static let faulty = """
        rules:
          - {name: one, when: cots > 1, notify: a@example.com}

        """
    private static let right = """
        sources: {test: {path: /hook, verify: keywordsai, secrets: [{file: ./hook.secret}]}}
        mail: {from: a@example.com, server: "maildir:./mail"}
        rules: [{name: one, when: failed, notify: a@example.com, at_most: 1 per 1h}]

        """

    /// Runs the program at a terminal of its own; `script` of util-linux makes one.
    private func atTerminal(_ arguments: String, _ environment: String, in folder: String) throws -> String {
        let script = try #require(TestProcess.find("script"), "util-linux has it")
        let command =
            "cd \(folder) && env -u NO_COLOR TERM=xterm \(environment) \(ServerProcess.executable.path) \(arguments)"
        return try TestProcess.run(script, ["-qec", command, "/dev/null"]).output
    }

    private func folder(_ text: String) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try text.write(toFile: folder.path + "/hookmail.yaml", atomically: true, encoding: .utf8)
        try "0123456789abcdef0123456789abcdef".write(
            toFile: folder.path + "/hook.secret", atomically: true, encoding: .utf8)
        try #"{"unique_id": "1", "status_code": 500}"#.write(
            toFile: folder.path + "/event.json", atomically: true, encoding: .utf8)
        return folder
    }

    @Test func diagnosticsAndExplanationsAreColouredAtATerminalOnly() async throws {
        let cases = [("check", try folder(Self.faulty)), ("explain event.json", try folder(Self.right))]
        for (arguments, folder) in cases {
            #expect(try atTerminal(arguments, "", in: folder.path).contains("\u{1B}["), "\(arguments) has no colour")
            #expect(try atTerminal(arguments, "NO_COLOR=", in: folder.path).contains("\u{1B}["), "empty is not set")
            for wish in ["NO_COLOR=1", "TERM=dumb", "TERM="] {
                let shown = try atTerminal(arguments, wish, in: folder.path)
                #expect(shown.contains("one") && !shown.contains("\u{1B}"), "\(arguments) is coloured with \(wish)")
            }
            let piped = try await ServerProcess.run(
                arguments.split(separator: " ").map(String.init), in: URL(fileURLWithPath: folder.path))
            #expect(!(piped.output + piped.errors).contains("\u{1B}"), "\(arguments) is coloured in a pipe")
        }
    }

    @Test func aPipedResultIsPlainThoughErrorsGoToATerminal() throws {
        let folder = try folder(Self.right)
        let shown = try atTerminal("explain event.json | cat", "", in: folder.path)
        #expect(shown.contains("one") && !shown.contains("\u{1B}"))
    }
}
