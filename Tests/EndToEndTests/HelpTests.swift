import Events
import Foundation
import TestSupport
import Testing

/// What every command says about itself. The texts stand in `Help`, one file a command;
/// `HOOKMAIL_RECORD_FIXTURES=1` writes them anew, and the difference is read like one of code.
@Suite(.timeLimit(.minutes(3))) struct HelpTests {
    /// Commands without `--json`, and why.
    static let withoutJSON = [
        "hookmail demo": "it is a play for people",
        "hookmail serve": "its result is what it does; its log has --log-format json",
        "hookmail schema": "its result is JSON",
        "hookmail completions": "its result is a script",
    ]

    /// A command with what it says about itself, as ArgumentParser dumps it.
    struct Command: Sendable, CustomTestStringConvertible {
        let words: [String]
        let hasSubcommands: Bool
        let discussion: String
        let options: [String]
        /// The options and arguments without a help text.
        let unexplained: [String]

        var name: String { (["hookmail"] + words).joined(separator: " ") }
        var testDescription: String { name }
    }

    static func commands() async throws -> [Command] {
        let folder = URL(fileURLWithPath: NSTemporaryDirectory())
        let result = try await ServerProcess.run(["--experimental-dump-help"], in: folder)
        let root = try #require(try JSONValue.decode(Array(result.output.utf8))["command"])
        return collect(root, [])
    }

    private static func collect(_ command: JSONValue, _ words: [String]) -> [Command] {
        let inner = (command["subcommands"]?.array ?? []).filter { $0["commandName"]?.string != "help" }
        let arguments = command["arguments"]?.array ?? []
        func name(_ argument: JSONValue) -> String {
            argument["preferredName"]?["name"]?.string ?? argument["valueName"]?.string ?? "?"
        }
        let one = Command(
            words: words, hasSubcommands: !inner.isEmpty, discussion: command["discussion"]?.string ?? "",
            options: arguments.map(name), unexplained: arguments.filter { $0["abstract"]?.string == nil }.map(name))
        return [one] + inner.flatMap { collect($0, words + [$0["commandName"]?.string ?? "?"]) }
    }

    @Test func everyCommandHasExamplesAndExplainsEveryOption() async throws {
        let commands = try await Self.commands()
        #expect(commands.count > 15)
        for command in commands {
            let examples =
                command.discussion.split(separator: "Examples:\n", omittingEmptySubsequences: false).last ?? ""
            #expect(
                command.discussion.contains("Examples:\n") && examples.contains("  hookmail"),
                "\(command.name) shows no example")
            #expect(command.unexplained.isEmpty, "\(command.name) does not explain \(command.unexplained)")
        }
    }

    @Test func everyCommandWithAResultTakesJSON() async throws {
        for command in try await Self.commands() where !command.hasSubcommands {
            if Self.withoutJSON[command.name] != nil {
                #expect(!command.options.contains("json"), "\(command.name) needs no excuse any more")
            } else {
                #expect(command.options.contains("json"), "\(command.name) has no --json, and no reason in this test")
            }
        }
    }

    @Test func theHelpTextsAreTheOnesThatWereRead() async throws {
        let folder = URL(fileURLWithPath: NSTemporaryDirectory())
        let commands = try await Self.commands()
        for command in commands {
            let result = try await ServerProcess.run(command.words + ["--help"], in: folder)
            #expect(result.status == 0)
            try Snapshot.expect(result.output, in: "Help", as: (["hookmail"] + command.words).joined(separator: "-"))
        }
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help").path)
        #expect(kept.count == commands.count, "Help holds a text of a command that is no more")
    }
}
