import Events
import Foundation
import Mail
import TestSupport
import Testing

/// `hookmail send-test` as an operator runs it, against real servers: what it prints, and its exit code.
@Suite(.serialized) struct SendTestTests {
    /// A folder with a configuration that needs a webhook secret which is not here: sending does not.
    final class Place {
        let folder: URL

        init(server: String, lines: [String] = [], password: String? = nil) throws {
            folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(
                "send-test-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var mail = ["from: Hookmail <alerts@example.test>", "server: \(server)"] + lines
            if let password {
                let file = folder.appendingPathComponent("password")
                try "\(password)\n".write(to: file, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
                mail += ["username: \(PostfixInstance.username)", "password: {file: ./password}"]
            }
            let text = """
                sources: {p: {path: /h/, verify: keywordsai, secrets: [{env: HOOKMAIL_NOT_SET_ANYWHERE}]}}
                mail:
                \(mail.map { "  \($0)" }.joined(separator: "\n"))
                recipients: {team: {to: [a@example.test, nosuch@example.test, b@example.test]}}
                rules: [{name: r, when: failed, notify: team, at_most: 1 per 1h}]

                """
            try text.write(to: folder.appendingPathComponent("hookmail.yaml"), atomically: true, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func sendTest(_ arguments: String...) async throws -> CommandResult {
            try await ServerProcess.run(["send-test"] + arguments, in: folder)
        }
    }

    /// The output without what differs from run to run, and without capabilities that decide nothing.
    static func masked(_ output: String) -> String {
        let masks: [(pattern: String, mark: String)] = [
            (#"(localhost|127\.0\.0\.1):[0-9]+"#, "$1:PORT"), (#"port [0-9]+"#, "port PORT"), (#" \(#0\)"#, ""),
            (#"EHLO \S+"#, "EHLO NAME"), (#"SIZE=[0-9]+"#, "SIZE=BYTES"), (#"\([0-9]+ bytes"#, "(BYTES bytes"),
            (#"queued as \S+"#, "queued as ID"), (#"(start|expire) date: .*"#, "$1 date: DATE"),
            (#"TLSv1\.[23] / \S+"#, "TLS"), (#"OpenSSL/\S+"#, "OpenSSL"),
            (#"after [0-9]+ m(s|illiseconds)"#, "after TIME"),
            (#"new/\S+"#, "new/NAME"),
        ]
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            // After a refusal the reply to QUIT is not awaited: it may come or not.
            guard !line.hasPrefix("< 221 ") else { return false }
            return !line.hasPrefix("< 250-") || line.contains("AUTH") || line.contains("STARTTLS")
        }
        return masks.reduce(lines.joined(separator: "\n")) { text, mask in
            text.replacingOccurrences(of: mask.pattern, with: mask.mark, options: .regularExpression)
        }
    }

    private func expect(_ result: CommandResult, _ status: Int32, looksLike snapshot: String) throws {
        #expect(result.status == status, "\(result.output)\(result.errors)")
        #expect(!result.output.contains(PostfixInstance.password))
        try Snapshot.expect(Self.masked(result.output), in: "SendTestSnapshots", as: snapshot)
    }

    /// The mail goes out all the same, and what is wrong with the first server is not passed over in silence.
    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func aServerThatWasPassedOverIsToldWithWhatHelps() async throws {
        let postfix = try PostfixInstance.shared()
        let place = try Place(
            server: "smtp://127.0.0.1:\(try LoopbackPort.free())",
            lines: [
                "fallback: [{server: 'smtp://localhost:\(postfix.port)', ca_file: \(postfix.certificateAuthorityFile)}]"
            ])
        let both = try await place.sendTest("--to", "login@example.test")
        #expect(both.status == 0, "\(both.output)")
        #expect(both.output.contains("It said: smtp://localhost:\(postfix.port): 250 2.0.0 Ok"))
        #expect(both.output.contains("Passed over: smtp://127.0.0.1:"))
        #expect(both.output.contains(ReplyReason.unreachable.remedy))
        let json = try await place.sendTest("--to", "login@example.test", "--json")
        let passed = try JSONValue.decode(Array(json.output.utf8))["mails"]?.array?.first?["passed_over"]?.array
        #expect(passed?.map { $0["reason"]?.string } == ["unreachable"])
        #expect(try await place.sendTest("--server", "1").status == 69)
        #expect(try await place.sendTest("--to", "login@example.test", "--server", "2").status == 0)
        #expect(try await place.sendTest("--server", "3").status == 64)
    }

    @Test(.enabled(if: PostfixInstance.hasDovecot), .timeLimit(.minutes(3)))
    func loginsAreShownWithoutTheirSecrets() async throws {
        let postfix = try PostfixInstance.shared()
        let authorities = ["ca_file: \(postfix.certificateAuthorityFile)"]
        let password = PostfixInstance.password
        func place(_ server: String, _ password: String) throws -> Place {
            try Place(server: server, lines: authorities, password: password)
        }
        let plain = try place("smtp://localhost:\(postfix.dovecotPort)", password)
        try expect(try await plain.sendTest("--to", "login@example.test"), 0, looksLike: "login-plain")
        let login = try place("smtps://localhost:\(postfix.onlyLOGINPort)", password)
        try expect(try await login.sendTest("--to", "login@example.test"), 0, looksLike: "login-login")
        let wrong = try place("smtp://localhost:\(postfix.dovecotPort)", "wrong-\(password)")
        try expect(try await wrong.sendTest("--to", "team"), 78, looksLike: "login-wrong-password")
        let none = try place("smtp://localhost:\(postfix.port)", password)
        try expect(try await none.sendTest(), 78, looksLike: "login-not-offered")
        let other = try place("smtp://localhost:\(postfix.onlyCRAMPort)", password)
        try expect(try await other.sendTest(), 78, looksLike: "login-mechanism")
        let sender = try place("smtp://localhost:\(postfix.ownSenderPort)", password)
        try expect(try await sender.sendTest("--to", "a@example.test"), 1, looksLike: "sender-not-owned")
    }

    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func certificatesAndPortsAreExplained() async throws {
        let postfix = try PostfixInstance.shared()
        let authorities = ["ca_file: \(postfix.certificateAuthorityFile)"]
        let untrusted = try Place(server: "smtp://localhost:\(postfix.port)")
        try expect(try await untrusted.sendTest(), 78, looksLike: "certificate-untrusted")
        let expired = try Place(server: "smtp://localhost:\(postfix.expiredPort)", lines: authorities)
        try expect(try await expired.sendTest(), 78, looksLike: "certificate-expired")
        let name = try Place(server: "smtp://127.0.0.1:\(postfix.port)", lines: authorities)
        try expect(try await name.sendTest(), 78, looksLike: "certificate-name")
        let implicit = try Place(server: "smtps://localhost:\(postfix.port)", lines: authorities)
        try expect(try await implicit.sendTest(), 69, looksLike: "smtps-on-a-starttls-port")
        let explicit = try Place(server: "smtp://localhost:\(postfix.implicitTLSPort)", lines: authorities)
        try expect(try await explicit.sendTest(), 69, looksLike: "smtp-on-an-smtps-port")
    }

    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func oneRefusedRecipientDoesNotKeepTheOthersFromTheirMail() async throws {
        let postfix = try PostfixInstance.shared()
        let place = try Place(
            server: "smtp://localhost:\(postfix.port)", lines: ["ca_file: \(postfix.certificateAuthorityFile)"])
        try expect(try await place.sendTest("--to", "team"), 1, looksLike: "team")
        for (recipient, status) in [("policy", 1), ("large", 1), ("greylisted", 75), ("full", 75)] as [(String, Int32)]
        {
            let result = try await place.sendTest("--to", "\(recipient)@example.test", "--json")
            #expect(result.status == status)
            let answer = try JSONValue.decode(Array(result.output.utf8))
            let mail = try #require(answer["mails"]?.array?.first)
            #expect(mail["accepted"]?.bool == false)
            #expect(mail["reply"]?["reason"]?.string != nil)
            #expect(mail["steps"]?.array?.isEmpty == false)
            let lines = answer["dialogue"]?.array?.compactMap { $0["text"]?.string } ?? []
            #expect(lines.contains("RCPT TO:<\(recipient)@example.test>"))
        }
    }

    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func addressesBeyondASCIINeedAServerThatOffersSMTPUTF8() async throws {
        let postfix = try PostfixInstance.shared()
        let authorities = ["ca_file: \(postfix.certificateAuthorityFile)"]
        let with = try Place(server: "smtp://localhost:\(postfix.port)", lines: authorities)
        try expect(try await with.sendTest("--to", "jörg@example.test"), 0, looksLike: "smtputf8")
        let without = try Place(server: "smtp://localhost:\(postfix.withoutSMTPUTF8Port)", lines: authorities)
        try expect(
            try await without.sendTest("--to", "jörg@example.test", "--to", "anna@example.test"), 1,
            looksLike: "smtputf8-not-offered")
        let lines = authorities + ["reply_to: jörg@example.test"]
        let own = try Place(server: "smtp://localhost:\(postfix.withoutSMTPUTF8Port)", lines: lines)
        try expect(try await own.sendTest("--to", "anna@example.test"), 78, looksLike: "smtputf8-of-reply-to")
        let hostile = try await with.sendTest("--to", "a\u{202E}b@example.test")
        #expect(hostile.status == 64 && !hostile.errors.unicodeScalars.contains("\u{202E}"), "\(hostile.errors)")
    }

    /// The test mail is a real mail: it arrives, and says what it is.
    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func theMailArrivesAndSaysThatItIsATest() async throws {
        let postfix = try PostfixInstance.shared()
        let place = try Place(
            server: "smtps://localhost:\(postfix.implicitTLSPort)",
            lines: ["ca_file: \(postfix.certificateAuthorityFile)"])
        let address = "arrives-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        #expect(try await place.sendTest("--to", address).status == 0)
        let mail = ReadableMessage(MailBytes.withCRLF(try await postfix.mail(containing: address)))
        #expect(mail.subject == "[test] Hookmail can reach you")
        #expect(mail.from == "Hookmail <alerts@example.test>")
        #expect(mail.text.contains("Nothing has happened"))
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNoServerIsExplained() async throws {
        let unknown = try Place(server: "smtp://no-such-host.invalid:587")
        try expect(try await unknown.sendTest(), 69, looksLike: "name-not-found")
        let closed = try Place(server: "smtp://127.0.0.1:\(try LoopbackPort.free())")
        try expect(try await closed.sendTest(), 69, looksLike: "connection-refused")
        let raw = try RawSMTPServer()
        let withoutTLS = try Place(server: "smtp://127.0.0.1:\(raw.port)")
        try expect(try await withoutTLS.sendTest(), 78, looksLike: "starttls-not-offered")
        let sender = try RawSMTPServer(.init(answers: ["MAIL": .send("550 5.1.8 no such domain\r\n")]))
        let refused = try Place(server: "smtp://127.0.0.1:\(sender.port)", lines: ["tls: none"])
        try expect(try await refused.sendTest(), 78, looksLike: "sender-refused")
        let folder = try Place(server: "maildir:./mail")
        try expect(try await folder.sendTest(), 0, looksLike: "maildir")
        let wrong = try await folder.sendTest("--to", "nobody")
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("team"))
        #expect(try await folder.sendTest("--to", "a b@example.test").status == 64)
    }

    /// The password is the one secret that sending needs.
    @Test(.timeLimit(.minutes(1))) func aMissingPasswordIsAFaultOfTheConfiguration() async throws {
        let place = try Place(
            server: "smtp://127.0.0.1:1", lines: ["username: u", "password: {env: HOOKMAIL_NOT_SET_ANYWHERE}"])
        let result = try await place.sendTest()
        #expect(result.status == 78)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("HOOKMAIL_NOT_SET_ANYWHERE"))
    }
}
