import Events
import Foundation
import TestSupport
import Testing
import Transports

/// `hookmail explain` and `hookmail rules` over a real store. What they print stands in `Explained`, with times as
/// words; `HOOKMAIL_RECORD_FIXTURES=1` writes it anew.
@Suite struct ExplainTests {
    private static let rest = """
        let:
          in_production: environment == "prod" or environment == "production"
          hard: status_code >= 500 and in_production
        rules:
          - {name: failed-calls, when: failed, notify: llm@example.com, at_most: 1 per 15m}
          - name: expensive
            when: cost > 0.5 and in_production
            notify: [llm@example.com, finance@example.com]
          - {name: hard, when: 'hard and metadata.taem == "red"', notify: llm@example.com}
          - {name: odd, when: 'metadata.team > 3', notify: llm@example.com}
          - {name: tags, when: 'metadata.tags.exists(t, t == "b")', notify: llm@example.com, at_most: 3 per 1h}
        """

    private static func body(_ number: Int) -> String {
        """
        {"unique_id": "e\(number)", "status_code": 503, "costs": 0.7, "environment": "prod", "model": "gpt-4o", \
        "error_message": "upstream \\u001b[31mtimed out", "metadata": {"team": "red", "tags": ["a", "b", "c"]}}
        """
    }

    /// Commands make events of files without a signature, also where a source asks for none.
    @Test(.timeLimit(.minutes(2)), arguments: ["none", "github", "token", "standard-webhooks", "keywordsai"])
    func aFileIsAnEventOfEverySource(scheme: String) async throws {
        let folder = URL(fileURLWithPath: try ScratchFolder().path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rest = scheme == "none" ? "allow: [203.0.113.7]" : "secrets: [{env: NOT_SET_ANYWHERE}]"
        let text = """
            sources: {only: {path: /only, verify: \(scheme), \(rest)}}
            mail: {from: a@example.com, server: "maildir:./mail"}
            rules: [{name: costly, when: cost > 0.5, notify: b@example.com, at_most: 1 per 15m}]
            """
        try text.write(to: folder.appendingPathComponent("hookmail.yaml"), atomically: true, encoding: .utf8)
        let commands = [
            ["explain", "-"], ["eval", "cost > 0.5", "--event", "-"], ["preview", "costly", "--event", "-"],
        ]
        for command in commands {
            let result = try await ServerProcess.run(command, in: folder, input: #"{"cost": 0.75, "model": "m"}"#)
            #expect(result.status == 0 && !result.output.isEmpty, "\(command): \(result.errors)")
        }
    }

    @Test(.timeLimit(.minutes(3))) func everyDecisionIsExplainedAndChangesOfTheRulesAreSaid() async throws {
        let server = try ServerProcess(mail: "from: a@example.com\nserver: maildir:./mail", rest: Self.rest)
        let rulesBefore = try await server.run(["rules"])
        #expect(rulesBefore.status == 0, "rules are listed before there is a store: \(rulesBefore.errors)")
        try await server.start()
        let exchange = HTTPExchange()
        for number in 1...2 { _ = try await server.post(Array(Self.body(number).utf8), over: exchange) }
        #expect(try await StoredRecords(server: server).settled())
        await exchange.shutdown()
        try Self.body(3).write(
            to: server.folder.appendingPathComponent("event.json"), atomically: true, encoding: .utf8)

        try await expect(["explain", "1"], of: server, as: "stored")
        try await expect(["explain", "2", "--rule", "failed-calls"], of: server, as: "held-back")
        // The platform's own id of the request leads to the same, and an id of nothing says so.
        let byID = try await server.run(["explain", "e2", "--rule", "failed-calls"])
        let byNumber = try await server.run(["explain", "2", "--rule", "failed-calls"])
        #expect(byID.status == 0 && byID.output == byNumber.output, "\(byID)")
        let unknown = try await server.run(["explain", "e99"])
        #expect(unknown.status == 1 && unknown.errors.contains("no stored event that its sender calls so"))
        try await expect(["explain", "--mail", "1"], of: server, as: "mail")
        try await expect(["explain", "event.json", "--rule", "hard", "--rule", "expensive"], of: server, as: "file")
        try await expect(["rules", "list"], of: server, as: "rules-list")
        try await expect(["rules", "show", "failed-calls"], of: server, as: "rules-show")

        let file = server.folder.appendingPathComponent("hookmail.yaml")
        let changed = try String(contentsOf: file, encoding: .utf8)
            .replacing("name: failed-calls, when: failed,", with: "name: failed-calls, when: failed and cost > 1,")
            .replacing("name: tags,", with: "name: labels,")
        try changed.write(to: file, atomically: true, encoding: .utf8)
        try await expect(
            ["explain", "1", "--rule", "failed-calls", "--rule", "labels"], of: server, as: "rules-changed")
        try changed.replacing("environment == \"prod\" or", with: "environment == \"live\" or")
            .write(to: file, atomically: true, encoding: .utf8)
        let redefined = try await server.run(["explain", "1", "--rule", "hard"])
        #expect(redefined.output.contains("a named condition (`let`) that it uses, was another one then."))
        let json = try JSONValue.decode(Array(try await server.run(["explain", "1", "--json"]).output.utf8))
        #expect(json["rules_changed"]?.bool == true)
        let rules = try #require(json["rules"]?.array)
        #expect(rules.first?["differs"]?.bool == true)
        #expect(rules.first?["condition_then"]?.string == "failed")
        #expect(rules.first?["tree"]?["state"]?.string == "absent")
        #expect(rules.first?["decision"]?["outcome"]?.string == "notified")
        #expect(json["decisions_of_other_rules"]?.array?.first?["rule"]?.string == "tags")
        let mail = try JSONValue.decode(Array(try await server.run(["explain", "--mail", "1", "--json"]).output.utf8))
        #expect(mail["condition"]?.string == "failed")
        #expect(mail["values"]?["failed"]?.string == "true")
        #expect(try await server.terminate() == 0)
    }

    @Test func whatIsNotThereIsSaid() async throws {
        let server = try ServerProcess(mail: "from: a@example.com\nserver: maildir:./mail", rest: Self.rest)
        #expect(try await server.run(["explain"]).status == 64)
        #expect(try await server.run(["explain", "1", "--mail", "1"]).status == 64)
        #expect(try await server.run(["explain", "1"]).errors.contains("There is no store"))
        let misspelt = try await server.run(["explain", "-", "--rule", "fialed-calls"], input: Self.body(1))
        #expect(misspelt.status == 64)
        #expect(misspelt.errors.contains("did you mean failed-calls?"))
        #expect(try await server.run(["rules", "show", "nothing"]).status == 64)
        #expect(try await server.run(["explain", "-"], input: "[1]").status == 65)
        // The source's scheme decides what is taken off around an event.
        let file = server.folder.appendingPathComponent("hookmail.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        for (scheme, verdict) in [("keywordsai", "yes"), ("github", "no"), ("{hmac: {header: X-Signature}}", "yes")] {
            try text.replacing("verify: keywordsai", with: "verify: \(scheme)")
                .write(to: file, atomically: true, encoding: .utf8)
            let wrapped = try await server.run(
                ["explain", "-", "--rule", "failed-calls", "--json"], input: #"{"data": \#(Self.body(1))}"#)
            let json = try JSONValue.decode(Array(wrapped.output.utf8))
            #expect(json["rules"]?.array?.first?["verdict"]?.string == verdict, "\(scheme): \(wrapped)")
            let value = try await server.run(
                ["eval", "failed and source == 'test'", "--event", "-"], input: #"{"data": \#(Self.body(1))}"#)
            #expect(value.output == (verdict == "yes" ? "true\n" : "false\n"), "eval and explain say the same")
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
        let several = try await server.run(
            ["explain", "-", "--json"], input: "[\(Self.body(1)), \(Self.body(2))]")
        #expect(try JSONValue.decode(Array("{\"all\": \(several.output)}".utf8))["all"]?.array?.count == 2)
    }

    private func expect(_ arguments: [String], of server: ServerProcess, as name: String) async throws {
        let result = try await server.run(arguments)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        let shown = result.output
            .replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/#, with: "TIME")
            .replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#, with: "2026-01-01 00:00:00")
            // How large values are is the compiler's to say.
            .replacing(#/\(\d+ (bytes|kB|MB)\)/#, with: "(SIZE)")
        try Snapshot.expect(shown, in: "Explained", as: name)
        #expect(!shown.utf8.contains(0x1B), "a text of the event could steer the terminal")
    }
}
