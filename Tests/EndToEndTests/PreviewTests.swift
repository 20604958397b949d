import Foundation
import TestSupport
import Testing

/// `hookmail preview` as a person types it.
@Suite struct PreviewTests {
    private static let rules = """
        templates: ./my-templates
        rules:
          - name: failed-calls
            when: failed
            notify: b@example.com
            content: [prompt]
            subject: "{{model}}: {{prompt}}"
          - {name: dear, when: cost > 100, notify: b@example.com, severity: low}
          - {name: own, when: failed, notify: b@example.com, template: night}
          - {name: trouble, when: failed, per: [model], count: {at_least: 5, within: 10m}, notify: b@example.com}
        """

    private func server() throws -> ServerProcess {
        let server = try ServerProcess(mail: "from: a@example.com\nserver: maildir:./mail", rest: Self.rules)
        let folder = server.folder.appendingPathComponent("my-templates")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (part, text) in ["text": "NIGHT {{happened}}", "html": "<p>NIGHT {{{happened}}}</p>"] {
            try text.write(
                to: folder.appendingPathComponent("night.\(part).mustache"), atomically: true, encoding: .utf8)
        }
        return server
    }

    @Test func aNewcomerSeesAMailAtOnce() async throws {
        let server = try server()
        let shown = try await server.run(["preview", "failed-calls"])
        #expect(shown.status == 0 && shown.errors.isEmpty, "\(shown.errors)")
        #expect(
            shown.output.hasPrefix(
                "From: a@example.com\nTo: b@example.com\nSubject: [medium] failed-calls: gpt-4o: from the event: How do"
            ))
        #expect(shown.output.contains("  | user: How do I change my plan? Please charge [card number]."))
        let other = try await server.run(["preview", "dear"])
        #expect(other.status == 0 && other.errors.contains("does not match the sample"))
        #expect(other.output.contains("Subject: [low] dear: "))
        #expect(!FileManager.default.fileExists(atPath: server.folder.path + "/hookmail.db"), "nothing is stored")
    }

    @Test func mailsAboutHookmailItselfAreShown() async throws {
        let server = try server()
        for (template, word) in [("own.trouble", "trouble"), ("own.report", "report"), ("own.test", "test")] {
            let shown = try await server.run(["preview", "--template", template])
            #expect(shown.status == 0 && shown.output.contains("\nSubject: [\(word)] "), "\(shown.errors)")
            #expect(shown.errors.contains("figures are invented"))
            let json = try await server.run(["preview", "--template", template, "--json"])
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(object["template"] as? String == template && object["template_fault"] is NSNull)
        }
        let report = try await server.run(["preview", "--template", "own.report", "--format", "html"])
        #expect(report.output.contains("failed-calls (96 mails)"))
        #expect(try await server.run(["preview", "--template", "window"]).status == 64)
        #expect(try await server.run(["preview", "own", "--template", "own.test"]).status == 64)
        #expect(try await server.run(["preview"]).status == 64)
    }

    @Test func everyFormComesOut() async throws {
        let server = try server()
        let event = #"{"status_code": 500, "model": "<m>", "input": "write jo@example.com", "api_key": "CANARY"}"#
        let html = try await server.run(["preview", "own", "--event", "-", "--format", "html"], input: event)
        #expect(html.output == "<p>NIGHT A call to “&lt;m&gt;” failed with 500 Internal Server Error.</p>")
        let mail = try await server.run(["preview", "failed-calls", "--event", "-", "--output", "m.eml"], input: event)
        #expect(mail.status == 0 && mail.output.isEmpty && mail.errors.contains("Wrote m.eml"))
        let written = try String(contentsOf: server.folder.appendingPathComponent("m.eml"), encoding: .utf8)
        #expect(
            written.hasPrefix("From: ") && written.contains("\r\nMIME-Version: 1.0\r\n") && !written.contains("CANARY"))
        let json = try await server.run(["preview", "failed-calls", "--event", "-", "--json"], input: event)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["outcome"] as? String == "matched" && object["to"] as? [String] == ["b@example.com"])
        let data = try await server.run(["preview", "failed-calls", "--event", "-", "--data"], input: event)
        let values = try #require(try JSONSerialization.jsonObject(with: Data(data.output.utf8)) as? [String: Any])
        #expect(values["status_code"] as? String == "500" && values["has_content"] as? Bool == true)
        #expect(!(json.output + data.output).contains("CANARY"))
    }

    @Test func everyMailOfAnAlertCanBeSeen() async throws {
        let server = try server()
        let fired = try await server.run(["preview", "trouble"])
        #expect(fired.status == 0 && fired.errors.contains("its figures are invented"), "\(fired.errors)")
        #expect(fired.output.contains("Subject: [medium] trouble: 5 failed calls in 10m for gpt-4o\n"))
        let ended = try await server.run(["preview", "trouble", "--reason", "recovered", "--format", "eml"])
        #expect(ended.output.contains("Subject: [medium] trouble: recovered after 23m: failed calls for gpt-4o"))
        #expect(ended.output.contains("\r\nIn-Reply-To: <preview-"))
        let wrong = try await server.run(["preview", "trouble", "--reason", "digest"])
        #expect(wrong.status == 64 && wrong.errors.contains("It makes: fired, reminder, recovered"))
    }

    @Test func wrongCallsSaySo() async throws {
        let server = try server()
        let unknown = try await server.run(["preview", "failed-cals"])
        #expect(unknown.status == 64 && unknown.errors.contains("did you mean failed-calls?"))
        #expect(try await server.run(["preview", "dear", "--json", "--data"]).status == 64)
        #expect(try await server.run(["preview", "dear", "--event", "none.json"]).status == 65)
        #expect(try await server.run(["preview", "dear", "--event", "-"], input: "{").status == 65)
        #expect(try await server.run(["preview", "dear", "--event", "17"]).status == 1)
    }

    @Test(.timeLimit(.minutes(2))) func aStoredEventIsPreviewedAsItsMailWasSent() async throws {
        let server = try server()
        try await server.start()
        let body = #"{"unique_id": "p", "status_code": 500, "model": "m", "input": "ask jo@example.com"}"#
        try body.write(to: server.folder.appendingPathComponent("e.json"), atomically: true, encoding: .utf8)
        let signed = try await server.run(["sign", "e.json"])
        _ = try TestProcess.run("/bin/sh", ["-c", "cd \(server.folder.path) && \(signed.output)"])
        #expect(try await StoredRecords(server: server).settled())
        let sent = try await server.run(["mails", "show", "1"])
        #expect(sent.output.contains("m: from the event: ask [e-mail address]"), "\(sent.output)")
        let preview = try await server.run(["preview", "failed-calls", "--event", "1"])
        #expect(
            preview.status == 0
                && preview.output.contains("Subject: [medium] failed-calls: m: from the event: ask [e-mail address]"))
        #expect(preview.output.contains("  | ask [e-mail address]"))
        #expect(try await server.terminate() == 0)
    }

    @Test func checkFindsFaultsOfTemplatesAndOfTheFileAtOnce() async throws {
        let server = try server()
        let folder = server.folder.appendingPathComponent("my-templates")
        try "a\n  {{modle}}".write(
            to: folder.appendingPathComponent("night.text.mustache"), atomically: true, encoding: .utf8)
        let file = server.folder.appendingPathComponent("hookmail.yaml")
        try (String(contentsOf: file, encoding: .utf8) + "\nrulse: []\n").write(
            to: file, atomically: true, encoding: .utf8)
        let check = try await server.run(["check"])
        #expect(check.status == 78 && check.output.contains("2 faults"))
        #expect(check.errors.contains("my-templates/night.text.mustache:2:3: error: nothing is called `modle`"))
        #expect(check.errors.contains("  {{modle}}\n  ^^^^^^^^^\nhint: did you mean 'model'?"), "\(check.errors)")
        #expect(check.errors.contains("unknown key 'rulse'"))
    }
}
