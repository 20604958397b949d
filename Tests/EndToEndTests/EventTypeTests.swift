import Foundation
import TestSupport
import Testing

/// A type that stands in a header, and not in the file that a command looks at; and the source that sends it.
@Suite(.timeLimit(.minutes(3))) struct EventTypeTests {
    private static let issue = #"{"action": "opened", "issue": {"number": 7}}"#

    /// Runs commands in a folder with a source of each kind.
    private func inFolder(_ work: (URL) async throws -> Void) async throws {
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let text = """
            sources:
              repositories: {path: /github, verify: github, secrets: [{file: ./hub.secret}]}
              payments: {path: /own, verify: {hmac: {header: X-Own}}, secrets: [{file: ./hub.secret}]}
            mail: {from: a@example.com, server: "maildir:./mail"}
            rules:
              - name: issues
                when: event_type == "issues" and event.action == "opened"
                notify: b@example.com
                at_most: 1 per 15m
            """
        for (name, text) in [("hookmail.yaml", text), ("hub.secret", "do-not-show-me-0123456789abcdef\n")] {
            try text.write(toFile: scratch.path + "/" + name, atomically: true, encoding: .utf8)
        }
        try await work(URL(fileURLWithPath: scratch.path))
    }

    @Test func aRuleOnTheHeadersTypeCanBeTried() async throws {
        try await inFolder { folder in
            let typed = ["--source", "repositories", "--event-type", "issues"]
            let condition = #"event_type == "issues" and event.action == "opened""#
            func run(_ words: [String]) async throws -> CommandResult {
                try await ServerProcess.run(words, in: folder, input: Self.issue)
            }
            #expect(try await run(["eval", condition, "--event", "-"] + typed).output == "true\n")
            let untyped = try await run(["eval", condition, "--event", "-", "--source", "repositories"])
            #expect(untyped.output != "true\n", "the type is known from nowhere: \(untyped.output)")
            let explained = try await run(["explain", "-", "--json"] + typed)
            #expect(explained.output.contains(#""verdict":"yes""#), "\(explained)")
            let preview = try await run(["preview", "issues", "--event", "-"] + typed)
            #expect(preview.status == 0 && preview.errors.isEmpty, "the rule does not match: \(preview.errors)")
            let signed = try await run(["sign", "-", "--header"] + typed)
            #expect(signed.output.contains("X-GitHub-Event: issues\n"), "\(signed)")
            let unsigned = try await run(["sign", "-", "--header", "--source", "repositories"])
            #expect(!unsigned.output.contains("X-GitHub-Event"))
        }
    }

    @Test func aTypeThatWouldBeIgnoredIsAUsageError() async throws {
        try await inFolder { folder in
            let typed = ["--event-type", "issues"]
            let wrong = [
                ["eval", "failed", "--source", "payments"] + typed, ["eval", "failed"] + typed,
                ["explain", "-", "--source", "payments"] + typed, ["explain", "17"] + typed,
                ["explain", "--mail", "1"] + typed, ["preview", "issues"] + typed,
                ["preview", "issues", "--event", "17"] + typed,
                ["eval", "failed", "--source", "repositories", "--event-type", "two words"],
            ]
            for words in wrong {
                let result = try await ServerProcess.run(words, in: folder, input: Self.issue)
                #expect(result.status == 64 && !result.errors.isEmpty, "\(words): \(result)")
            }
        }
    }

    @Test func evalRefusesASourceThatIsNone() async throws {
        try await inFolder { folder in
            let result = try await ServerProcess.run(["eval", "failed", "--source", "repositores"], in: folder)
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(result.errors.contains("There is no source repositores. The file has: repositories, payments."))
        }
        let empty = try ScratchFolder()
        defer { withExtendedLifetime(empty) {} }
        let free = try await ServerProcess.run(
            ["eval", "1 + 1", "--source", "any"], in: URL(fileURLWithPath: empty.path))
        #expect(free.output == "2\n", "without a configuration no name is wrong: \(free.errors)")
    }
}
