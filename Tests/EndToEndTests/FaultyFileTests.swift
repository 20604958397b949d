import Events
import Foundation
import TestSupport
import Testing
import Transports

/// What works while somebody is in the midst of changing the file, at night, and wants to know what was sent.
@Suite(.timeLimit(.minutes(4))) struct FaultyFileTests {
    private static let rules = """
        let: {dear: cost > 5}
        rules:
          - {name: failed-calls, when: failed, notify: b@example.com}
          - {name: costly, when: dear, notify: b@example.com}
        """
    /// One fault that a reader of rules finds, and one that YAML itself does not forgive.
    private static let faulty = [
        ("rules: [{name: failed-calls, when: faild, notify: b@example.com}]", #"9:36: error: unknown name "faild""#),
        ("rules:\n  - {name: failed-calls, when: [failed, notify: b@example.com}", "error: "),
    ]

    /// Commands that only look, and a word of what they then show.
    private static let looking: [(words: [String], shown: String)] = [
        (["mails"], "failed-calls"), (["mails", "show", "1"], "Subject: [medium] failed-calls"),
        (["mails", "list", "--json"], #""rule":"failed-calls""#), (["events"], "gpt-4o"),
        (["events", "show", "1"], "mail 1 to b@example.com is accepted"), (["explain", "--mail", "1"], "Attempt 1 at"),
        (["explain", "1"], "made 1 mail"), (["explain", "1", "--rule", "costly", "--json"], #""tree""#),
        (["silences"], "repair"), (["rules"], "costly"), (["rules", "show", "costly"], "dear"),
        (["eval", "dear", "--event", "1"], "false"), (["suppressed", "list", "--json"], "[]"),
    ]

    private func server() throws -> ServerProcess {
        try ServerProcess(mail: "from: a@example.com\nserver: maildir:./mail", rest: Self.rules)
    }

    /// Runs the server until one failed call has been mailed.
    private func serve(_ server: ServerProcess) async throws {
        try await server.start()
        let exchange = HTTPExchange()
        let body = #"{"unique_id": "a", "status_code": 500, "model": "gpt-4o", "cost": 1}"#
        #expect(try await server.post(Array(body.utf8), over: exchange).status == 200)
        await exchange.shutdown()
        #expect(try await StoredRecords(server: server).settled())
        let silence = ["silences", "add", #"rule == "costly""#, "--for", "2h", "--reason", "repair"]
        #expect(try await server.run(silence).status == 0)
    }

    @Test func commandsThatLookShowTheStoreWhileARuleHasAFault() async throws {
        let server = try server()
        try await serve(server)
        #expect(try await server.terminate() == 0)
        for (rest, fault) in Self.faulty {
            try server.rewrite(rest: rest)
            for (words, shown) in Self.looking {
                let result = try await server.run(words)
                #expect(result.status == 0 && result.output.contains(shown), "\(words): \(result)")
                let told = result.errors.components(separatedBy: "./hookmail.yaml:")
                #expect(told.count == 2 && told[1].contains(fault), "\(words): the fault is not named once: \(result)")
                #expect(result.errors.contains("Shown is what is stored."), "\(words): \(result.errors)")
            }
            // What is about the file alone has no other answer.
            for words in [["check"], ["backtest"], ["preview", "costly"], ["explain", "event.json"], ["serve"]] {
                #expect(try await server.run(words).status == 78, "\(words)")
            }
        }
    }

    @Test func commandsReachARunningServerWhileARuleHasAFault() async throws {
        let server = try server()
        try await serve(server)
        for (rest, _) in Self.faulty {
            try server.rewrite(rest: rest)
            let add = ["silences", "add", #"rule == "costly""#, "--for", "1h", "--json"]
            let added = try await server.run(add)
            #expect(added.status == 0, "\(added.errors)")
            let id = try #require(try JSONValue.decode(Array(added.output.utf8))["id"]?.string)
            let removed = try await server.run(["silences", "remove", id])
            #expect(removed.status == 0 && removed.errors.contains("goes on"), "\(removed.errors)")
            let retried = try await server.run(["mails", "retry", "1"])
            #expect(retried.status == 1 && retried.errors.contains("accepted"), "\(retried.errors)")
            #expect(try await server.run(["mails", "resume"]).status == 0)
        }
        #expect(try await server.terminate() == 0)
    }

    @Test func withoutAStoreThereIsNothingToShowInstead() async throws {
        let server = try server()
        try server.rewrite(rest: Self.faulty[0].0)
        for words in [["rules"], ["rules", "show", "costly"], ["silences", "add", "true", "--for", "1h"]] {
            let result = try await server.run(words)
            #expect(result.status == 78 && !result.errors.contains("Shown is"), "\(words): \(result)")
        }
        #expect(try await server.run(["mails"]).status == 1)
    }
}
