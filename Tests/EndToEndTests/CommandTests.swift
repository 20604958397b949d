import Events
import Foundation
import TestSupport
import Testing

/// The commands as a person types them, by exit code and by what they print.
@Suite struct CommandTests {
    @Test(.timeLimit(.minutes(3))) func theDemoShowsMailsAndExitsWithZero() async throws {
        let folder = try ScratchFolder()
        let result = try await ServerProcess.run(["demo", "--once"], in: URL(fileURLWithPath: folder.path))
        #expect(result.status == 0, "\(result.errors)")
        // A mail of a single call, and one of the window in which five failed.
        for line in ["failed-calls", "provider-trouble", "5 in 10m"] {
            #expect(result.output.contains(line), "the demo does not show \(line)")
        }
        for line in ["From: ", "To: ", "Subject: [", "-> 200", "-> 401", #""status":"duplicate""#, "held back"] {
            #expect(result.output.contains(line), "the demo does not show \(line)")
        }
    }

    @Test func initWritesFilesThatCheckAndServeTakeAsTheyStand() async throws {
        let folder = try ScratchFolder()
        let url = URL(fileURLWithPath: folder.path)
        #expect(try await ServerProcess.run(["init"], in: url).status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/hookmail.secret")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let check = try await ServerProcess.run(["check"], in: url)
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.errors.isEmpty, "a new file should not begin with warnings: \(check.errors)")
        let again = try await ServerProcess.run(["init"], in: url)
        #expect(again.status == 1)
        #expect(again.errors.contains("left as they are"))
    }

    @Test func aWrongConfigurationStartsNothingAndSaysEverything() async throws {
        let folder = try ScratchFolder()
        let text = """
            sources:
              test: {path: /hook, verify: keywordsai, secrets: [{env: HOOKMAIL_NO_SUCH_VARIABLE}]}
            mail: {from: a@example.com, server: maildir:./mail}
            rules:
              - name: one
                when: cots > 0.5
                notfy: b@example.com
            """
        try text.write(toFile: folder.path + "/hookmail.yaml", atomically: true, encoding: .utf8)
        for command in [["check"], ["serve"]] {
            let result = try await ServerProcess.run(command, in: URL(fileURLWithPath: folder.path))
            #expect(result.status == 78)
            for word in ["hookmail.yaml:2:", "hookmail.yaml:6:", "hookmail.yaml:7:", "cost", "notify", "^"] {
                #expect(result.errors.contains(word), "\(command) does not say \(word): \(result.errors)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/hookmail.db"))
    }

    @Test(.timeLimit(.minutes(3))) func aLogInJSONHoldsNothingButJSON() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: r, when: failed, notify: b@example.com}]")
        let secret = server.folder.appendingPathComponent("hook.secret").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: secret)
        try await server.start(log: ["--log-format", "json"])
        #expect(try await server.terminate() == 0)
        let lines = try server.logText.split(separator: "\n").map { try JSONValue.decode(Array($0.utf8)) }
        let warnings = lines.filter { $0["message"]?.string == "configuration warning" }
        #expect(warnings.count == 1 && lines.count > 1, "\(server.logText)")
    }

    @Test func signingForGitHubNamesTheEvent() async throws {
        let folder = try ScratchFolder()
        let url = URL(fileURLWithPath: folder.path)
        let text = """
            sources:
              code: {path: /github, verify: github, secrets: [{file: ./hookmail.secret}]}
              own: {path: /own, verify: {hmac: {header: X-Own}}, secrets: [{file: ./hookmail.secret}]}
            mail: {from: a@example.com, server: maildir:./mail}
            rules: [{name: r, notify: b@example.com}]
            """
        try text.write(toFile: folder.path + "/hookmail.yaml", atomically: true, encoding: .utf8)
        try "0123456789abcdef0123456789abcdef".write(
            toFile: folder.path + "/hookmail.secret", atomically: true, encoding: .utf8)
        let sign = ["sign", "-", "--header", "--event-type", "issues", "--source"]
        let signed = try await ServerProcess.run(sign + ["code"], in: url, input: "{}")
        #expect(signed.status == 0 && signed.output.contains("X-GitHub-Event: issues\n"))
        let refused = try await ServerProcess.run(sign + ["own"], in: url, input: "{}")
        #expect(refused.status == 64 && refused.output.isEmpty && refused.errors.contains("verify: github"))
    }

    @Test func evalPrintsJSON() async throws {
        let folder = URL(fileURLWithPath: try ScratchFolder().path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let event = #"{"status_code": 500, "cost": 0.75, "model": "gpt-4o"}"#
        let right = try await ServerProcess.run(
            ["eval", "failed and cost * 2 > 1.4", "--event", "-"], in: folder, input: event)
        #expect(right.status == 0)
        #expect(right.output == "true\n")
        let absent = try await ServerProcess.run(["eval", "latency", "--event", "-"], in: folder, input: event)
        #expect(absent.output == "null\n")
        #expect(absent.errors.contains("absent"))
        let wrong = try await ServerProcess.run(["eval", "cots > 1"], in: folder)
        #expect(wrong.status == 65)
        #expect(wrong.errors.contains("cost"))
        try? FileManager.default.removeItem(at: folder)
    }

    @Test(.timeLimit(.minutes(3))) func signedLineListsAndRetryWorkBesideTheServer() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        let none = try await server.run(["events", "list"])
        #expect(none.status == 1)
        #expect(none.errors.contains("no store"))
        try await server.start()
        let second = try await server.run(["serve"])
        #expect(second.status == 69)
        #expect(second.errors.contains("in use"))
        try #"{"unique_id": "signed", "status_code": 500}"#.write(
            to: server.folder.appendingPathComponent("event.json"), atomically: true, encoding: .utf8)
        let signed = try await server.run(["sign", "event.json"])
        #expect(signed.output.hasPrefix("curl -sS -w '\\n' http://127.0.0.1:\(server.webhookPort)/api/webhook"))
        let records = StoredRecords(server: server)
        do {
            let posted = try TestProcess.run("/bin/sh", ["-c", "cd \(server.folder.path) && \(signed.output)"])
            #expect(posted.output.contains(#""status":"accepted""#), "\(posted.output)")
            #expect(try await records.settled())
            let shown = try await server.run(["events", "show", "1"])
            #expect(shown.output.contains("failed-calls: matched; mail 1 to b@example.com is accepted"))
            let mail = try await server.run(["mails", "show", "1"])
            #expect(mail.output.contains("Subject: [medium] failed-calls: "))
            let retry = try await server.run(["mails", "retry", "1"])
            #expect(retry.status == 1, "an accepted mail is not sent again")
            #expect(retry.errors.contains("accepted"))
        }
        #expect(try await server.run(["mails", "show", "99"]).status == 1)
        #expect(try await server.terminate() == 0)
    }

    @Test func usageErrorsExitWithSixtyFour() async throws {
        let folder = try ScratchFolder()
        let url = URL(fileURLWithPath: folder.path)
        #expect(try await ServerProcess.run(["nonsense"], in: url).status == 64)
        #expect(try await ServerProcess.run(["events", "list", "--limit", "0"], in: url).status == 64)
        #expect(try await ServerProcess.run(["check"], in: url).status == 78, "no configuration anywhere")
    }
}
