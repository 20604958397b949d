import Events
import Foundation
import TestSupport
import Testing
import Transports

/// A wrong password at a real mail server: everything waits, every place says why, and what was mended goes on.
@Suite(.serialized, .enabled(if: PostfixInstance.hasDovecot)) struct WrongPasswordTests {
    static let events = (1...3).map { #"{"unique_id": "wrong-\#($0)", "status_code": 500}"# }

    private func server(_ postfix: PostfixInstance, username: String, mailbox: String) throws -> ServerProcess {
        let server = try ServerProcess(
            mail: """
                from: Hookmail <alerts@example.test>
                server: smtp://localhost:\(postfix.dovecotPort)
                ca_file: \(postfix.certificateAuthorityFile)
                username: \(username)
                password: {file: ./password}
                """,
            rest: "rules: [{name: failed-calls, when: failed, notify: \(mailbox)}]")
        return server
    }

    private func write(password: String, _ server: ServerProcess) throws {
        let file = server.folder.appendingPathComponent("password")
        try "\(password)\n".write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// Waits until a mail is held.
    private func held(_ server: ServerProcess) async throws {
        for _ in 0..<400 {
            let list = try await server.run(["mails", "list", "--state", "held", "--json"])
            if let mails = try? JSONValue.decode(Array(list.output.utf8)).array, !mails.isEmpty { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("no mail is held")
    }

    @Test(.timeLimit(.minutes(3))) func itIsSaidEverywhereAndARestartWithTheRightOneSendsEverything() async throws {
        let postfix = try PostfixInstance.shared()
        let mailbox = "wrong-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        let server = try server(postfix, username: PostfixInstance.username, mailbox: mailbox)
        try write(password: "wrong-canary", server)
        try await server.start()
        let exchange = HTTPExchange()
        for event in Self.events { #expect(try await server.post(Array(event.utf8), over: exchange).status == 200) }
        try await held(server)
        let words = "refuses the user name or the password"
        let list = try await server.run(["mails", "list"])
        #expect(list.errors.contains(words) && list.errors.contains("hookmail mails resume"))
        #expect(!list.output.contains("dead"))
        #expect(try await server.run(["mails", "show", "1"]).output.contains(words))
        let ready = try await exchange.send(.init(url: "http://127.0.0.1:\(server.adminPort)/readyz"))
        #expect(ready.status == 503)
        #expect(String(decoding: ready.body, as: UTF8.self).contains(words))
        #expect(server.logText.contains("login_refused") && server.logText.contains(words))
        #expect(!server.logText.contains("canary"))
        #expect(try await server.run(["send-test"]).status == 78)
        #expect(try await server.terminate() == 0)

        try write(password: PostfixInstance.password, server)
        try await server.start()
        _ = try await postfix.mails(containing: mailbox, count: 3)
        #expect(try await server.terminate() == 0)
        await exchange.shutdown()
    }

    @Test(.timeLimit(.minutes(3))) func whatWasMendedAtTheServerGoesOnWithResume() async throws {
        let postfix = try PostfixInstance.shared()
        let name = "late-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        let server = try server(postfix, username: name, mailbox: name)
        try write(password: "late password", server)
        try await server.start()
        let exchange = HTTPExchange()
        for event in Self.events { #expect(try await server.post(Array(event.utf8), over: exchange).status == 200) }
        try await held(server)
        try postfix.addLogin(name, "late password")
        let resumed = try await server.run(["mails", "resume"])
        #expect(resumed.status == 0)
        #expect(resumed.output.contains("queued"))
        _ = try await postfix.mails(containing: name, count: 3)
        #expect(try await server.run(["mails", "resume"]).output.contains("No mail is held"))
        #expect(try await server.terminate() == 0)
        // And without a server, under the store's own lock.
        #expect(try await server.run(["mails", "resume"]).output.contains("No mail is held"))
        await exchange.shutdown()
    }

    @Test(.timeLimit(.minutes(3))) func refusedRecipientsAreListedApart() async throws {
        let postfix = try PostfixInstance.shared()
        let mailbox = "apart-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        let recipients = "[nosuch@example.test, greylisted@example.test, policy@example.test, \(mailbox)]"
        let server = try ServerProcess(
            mail: postfix.mailLines, rest: "rules: [{name: failed-calls, when: failed, notify: \(recipients)}]")
        try await server.start()
        let exchange = HTTPExchange()
        for event in Self.events { #expect(try await server.post(Array(event.utf8), over: exchange).status == 200) }
        _ = try await postfix.mails(containing: mailbox, count: 3)
        for _ in 0..<200 {
            let answer = try await server.run(["mails", "list", "--state", "dead", "--json"])
            if try JSONValue.decode(Array(answer.output.utf8)).array?.count == 6 { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let refused = try await server.run(["suppressed", "list", "--json"])
        let list = try JSONValue.decode(Array(refused.output.utf8)).array ?? []
        #expect(list.map { $0["recipient"]?.string } == ["nosuch@example.test"], "\(refused.output)")
        // How many were under way before the first refusal was known is chance.
        let counts = [list.first?["mails"]?.int ?? 0, list.first?["suppressed"]?.int ?? 0]
        #expect(counts[0] >= 1 && counts[0] + counts[1] == 3)
        let table = try await server.run(["suppressed"])
        #expect(table.output.contains("nosuch@example.test") && table.output.contains("550 5.1.1"))
        let shown = try await server.run(["mails", "show", "1"])
        #expect(shown.output.contains("Also mail ") && shown.output.contains("to \(mailbox): accepted"))
        let other = try await server.run(["suppressed", "remove", "policy@example.test", "nosuch@example.test"])
        #expect(other.status == 1 && other.output == "nosuch@example.test is off the list.\n")
        #expect(other.errors.contains("policy@example.test is not on the list"))
        #expect(try await server.run(["suppressed"]).errors.contains("No address is suppressed."))
        #expect(try await server.terminate() == 0)
        // And without a server, under the store's own lock.
        #expect(try await server.run(["suppressed", "remove", "nosuch@example.test", "--json"]).status == 1)
        await exchange.shutdown()
    }
}
