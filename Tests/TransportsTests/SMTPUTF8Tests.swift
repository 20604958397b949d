import Mail
import TestSupport
import Testing

@testable import Transports

/// Addresses beyond ASCII (RFC 6531): they leave only where the server offers SMTPUTF8, and then as what they are.
@Suite(.timeLimit(.minutes(2)))
struct SMTPUTF8Tests {
    static let wide = "jörg@xn--exmple-cua.org"
    static let words = "Nothing was sent: the server does not offer SMTPUTF8; use an ASCII address or another server."

    /// A message; with `replyTo` one whose header alone may be beyond ASCII.
    static func message(
        from: String = "alerts@example.test", to: String, replyTo: String? = nil
    ) throws -> Message {
        let (sender, recipient) = (try Address(parsing: from), try Address(parsing: to))
        var draft = MessageDraft(
            from: Mailbox(sender), to: recipient, subject: "s", date: MailDate(secondsSinceEpoch: 0),
            messageID: MessageID(notification: "1-\(UInt64.random(in: 0 ... .max))", recipient: to, host: "h.example"),
            listID: ListID(rule: "r", namespace: "h.example"), text: "Grüße\n", html: "<p>Grüße</p>\n")
        draft.replyTo = try replyTo.map { Mailbox(try Address(parsing: $0)) }
        return try draft.compose()
    }

    private func commands(_ server: RawSMTPServer) -> [String] {
        server.records.flatMap(\.commands).filter { !$0.hasPrefix("EHLO") && $0 != "QUIT" }
    }

    @Test(arguments: [["SMTPUTF8", "8BITMIME"], ["8BITMIME", "SMTPUTF8"], ["SMTPUTF8"], ["SMTPUTF8 LATER=1"]])
    func whereItIsOfferedTheAddressIsSentAsItIs(_ capabilities: [String]) async throws {
        let server = try RawSMTPServer(.init(capabilities: capabilities))
        let message = try Self.message(to: Self.wide)
        let reply = try await TestMessages.send(message, port: server.port)
        #expect(reply.classification == .accepted, "\(reply)")
        #expect(
            commands(server) == ["MAIL FROM:<alerts@example.test> SMTPUTF8", "RCPT TO:<\(Self.wide)>", "DATA"])
        #expect(server.records.flatMap(\.texts) == [message.bytes])
    }

    /// libcurl would send the raw bytes to each of these servers. Small letters it does not see, either.
    @Test(arguments: ["8BITMIME", "SMTPUTF8X", "smtputf8", "XSMTPUTF8", "UTF8SMTP", "X SMTPUTF8", ""])
    func whereItIsNotOfferedNothingIsSaid(_ capability: String) async throws {
        let server = try RawSMTPServer(.init(capabilities: capability.isEmpty ? [] : [capability]))
        let reply = try await TestMessages.send(try Self.message(to: Self.wide), port: server.port)
        #expect(reply.classification == .permanent && reply.reason == .smtpUTF8NotOffered, "\(reply)")
        #expect(reply.text == Self.words && reply.code == nil)
        #expect(commands(server).isEmpty)
    }

    /// The name in the reply to HELO is no offer.
    @Test func aServerWithoutEHLOOffersNothing() async throws {
        let server = try RawSMTPServer(
            .init(answers: ["EHLO": .send("500 5.5.1 unknown\r\n"), "HELO": .send("250 SMTPUTF8\r\n")]))
        let reply = try await TestMessages.send(try Self.message(to: Self.wide), port: server.port)
        #expect(reply.reason == .smtpUTF8NotOffered, "\(reply)")
        #expect(!commands(server).contains { $0.hasPrefix("MAIL") })
    }

    @Test func asciiMailsDoNotAskForIt() async throws {
        let server = try RawSMTPServer(.init(capabilities: ["SMTPUTF8"]))
        let reply = try await TestMessages.send(try Self.message(to: "anna@example.org"), port: server.port)
        #expect(reply.classification == .accepted)
        #expect(commands(server).first == "MAIL FROM:<alerts@example.test>")
    }

    /// One connection: the mail that cannot go costs its neighbours nothing, not even their connection.
    @Test func aKeptConnectionRemembersWhatWasOffered() async throws {
        for offers in [true, false] {
            let server = try RawSMTPServer(.init(capabilities: offers ? ["SMTPUTF8"] : []))
            let transport = try TestMessages.transport(port: server.port)
            var replies: [ReplyClass] = []
            for to in ["a@example.org", Self.wide, "b@example.org", Self.wide, "c@example.org"] {
                replies.append(await transport.send(try Self.message(to: to)).classification)
            }
            await transport.shutdown(grace: .seconds(5))
            let wide: ReplyClass = offers ? .accepted : .permanent
            #expect(replies == [.accepted, wide, .accepted, wide, .accepted])
            #expect(server.records.count == 1)
            #expect(commands(server).count { $0.contains("SMTPUTF8") } == (offers ? 2 : 0))
            #expect(!commands(server).contains { $0.contains("ö") } || offers)
        }
    }

    /// A new connection is asked anew, be it to another machine behind the same name.
    @Test func anOfferEndsWithItsConnection() async throws {
        let server = try RawSMTPServer { number in
            .init(
                answers: number == 0 ? [".": .sendAndClose("250 taken\r\n")] : [:],
                capabilities: number == 0 ? ["SMTPUTF8"] : [])
        }
        let transport = try TestMessages.transport(port: server.port)
        #expect(try await transport.send(Self.message(to: Self.wide)).classification == .accepted)
        let reply = await transport.send(try Self.message(to: Self.wide))
        #expect(reply.reason == .smtpUTF8NotOffered, "\(reply)")
        await transport.shutdown(grace: .seconds(5))
        #expect(server.records.count == 2 && server.records[1].commands.allSatisfy { !$0.hasPrefix("MAIL") })
    }

    /// What our own addresses need is a matter of the configuration: the mails wait instead of being given up.
    @Test(arguments: [("büro@example.test", nil), ("alerts@example.test", "jörg@example.test")] as [(String, String?)])
    func ourOwnAddressHoldsTheQueue(from: String, replyTo: String?) async throws {
        let server = try RawSMTPServer()
        for to in ["anna@example.org", Self.wide] where replyTo == nil || to != Self.wide {
            let message = try Self.message(from: from, to: to, replyTo: replyTo)
            let reply = try await TestMessages.send(message, port: server.port)
            #expect(reply.classification == .configuration && reply.reason == .smtpUTF8NotOffered, "\(reply)")
        }
        #expect(commands(server).isEmpty)
    }

    /// libcurl says SMTPUTF8 by the envelope alone; where only the header needs it, the envelope stays the same.
    @Test(arguments: ["alerts@example.test", "a@xn--exmple-cua.org", "a@localhost", "a@b.xn--p1ai", "a@x1.2b.c-d9"])
    func aHeaderBeyondASCIIAsksForItToo(from: String) async throws {
        let server = try RawSMTPServer(.init(capabilities: ["SMTPUTF8"]))
        let message = try Self.message(from: from, to: "anna@example.org", replyTo: "jörg@example.test")
        let transport = try TestMessages.transport(port: server.port)
        for _ in 0..<2 { #expect(await transport.send(message).classification == .accepted) }
        #expect(try await transport.send(Self.message(to: "bob@example.org")).classification == .accepted)
        await transport.shutdown(grace: .seconds(5))
        let wide = ["MAIL FROM:<\(from)> SMTPUTF8", "RCPT TO:<anna@example.org>", "DATA"]
        let plain = ["MAIL FROM:<alerts@example.test>", "RCPT TO:<bob@example.org>", "DATA"]
        #expect(commands(server) == wide + wide + plain)
        #expect(server.records.first?.texts.first == message.bytes)
    }

    // MARK: TLS

    /// libcurl 7.88 keeps what was offered in clear; anybody on the way may have said it.
    @Test(
        .enabled(if: TLSMailServer.isAvailable, "openssl or python3 is not installed"),
        arguments: [
            ("SMTPUTF8", "8BITMIME", false), ("8BITMIME", "SMTPUTF8,8BITMIME", true), ("SMTPUTF8", "SMTPUTF8", true),
        ])
    func onlyTheOfferBehindTLSCounts(clear: String, tls: String, isSent: Bool) async throws {
        let server = try await TLSMailServer(options: ["clear=\(clear)", "tls=\(tls)"])
        let reply = try await send(to: server, login: nil)
        #expect(reply.classification == (isSent ? .accepted : .permanent), "\(reply)")
        #expect(reply.reason == (isSent ? nil : .smtpUTF8NotOffered))
        let mails = server.lines.filter { $0.text.hasPrefix("MAIL") }
        #expect(mails.allSatisfy { $0.isProtected && $0.text.contains(" SMTPUTF8") } && mails.count == (isSent ? 1 : 0))
    }

    /// The password is not shown for a mail that cannot go.
    @Test(.enabled(if: TLSMailServer.isAvailable, "openssl or python3 is not installed"), arguments: [true, false])
    func thereIsNoLoginForAMailThatCannotGo(offers: Bool) async throws {
        let server = try await TLSMailServer(options: ["auth=PLAIN LOGIN"] + (offers ? ["tls=SMTPUTF8"] : []))
        let reply = try await send(to: server, login: .password(username: "u", password: Password("p")))
        #expect(reply.classification == (offers ? .accepted : .permanent), "\(reply)")
        #expect(server.lines.contains { $0.text.hasPrefix("AUTH") } == offers)
    }

    private func send(to server: TLSMailServer, login: SMTPLogin?) async throws -> Reply {
        var configuration = try SMTPConfiguration(
            host: "localhost", port: server.port, security: .startTLS, login: login, helloName: "client.example.test")
        configuration.certificateAuthorityFile = server.authorityFile
        let transport = SMTPTransport(configuration: configuration)
        let reply = await transport.send(try Self.message(to: Self.wide))
        await transport.shutdown(grace: .seconds(5))
        return reply
    }

    // MARK: Several servers

    private func failover(_ transports: [any MailTransport]) -> FailoverTransport {
        FailoverTransport(
            transports.enumerated().map { .init(name: "smtp://server-\($0.offset)", transport: $0.element) })
    }

    static let lacking = Reply(classification: .permanent, text: words, reason: .smtpUTF8NotOffered)

    @Test func aServerThatOffersItIsTried() async throws {
        let without = try RawSMTPServer()
        let with = try RawSMTPServer(.init(capabilities: ["SMTPUTF8"]))
        let transport = failover([
            try TestMessages.transport(port: without.port), try TestMessages.transport(port: with.port),
        ])
        for _ in 0..<3 {
            let reply = await transport.send(try Self.message(to: Self.wide))
            #expect(reply.classification == .accepted && reply.text.hasPrefix("smtp://server-1: "), "\(reply)")
            #expect(reply.passedOver.map(\.reason) == [.smtpUTF8NotOffered])
            // The first is well for everybody else.
            let other = await transport.send(try Self.message(to: "anna@example.org"))
            #expect(other.text.hasPrefix("smtp://server-0: ") && other.passedOver.isEmpty, "\(other)")
        }
        await transport.shutdown(grace: .seconds(5))
    }

    @Test func whereNoServerOffersItTheMailIsGivenUp() async throws {
        let transport = failover([
            RecordingTransport(replies: [Self.lacking]), RecordingTransport(replies: [Self.lacking]),
        ])
        let reply = await transport.send(try Self.message(to: Self.wide))
        #expect(reply.classification == .permanent && reply.reason == .smtpUTF8NotOffered)
        #expect(reply.text == "smtp://server-0: \(Self.words)")
        #expect(reply.passedOver.map(\.name) == ["smtp://server-0", "smtp://server-1"])
    }

    /// The other one may offer it, and this mail alone waits for that.
    @Test(arguments: [FailoverTests.down, FailoverTests.denied])
    func whileAnotherServerIsNotWellTheMailIsTriedAgain(fault: Reply) async throws {
        let first = RecordingTransport(replies: [Self.lacking, Self.lacking])
        let second = RecordingTransport(replies: [fault, fault])
        let transport = failover([first, second])
        for attempt in 1...2 {
            let reply = await transport.send(try Self.message(to: Self.wide))
            #expect(reply.classification == .transient && reply.reason == .smtpUTF8NotOffered, "\(attempt): \(reply)")
            #expect(reply.text.hasPrefix("smtp://server-0: ") && reply.text.hasSuffix("cannot be asked at the moment."))
        }
        #expect(try await transport.send(Self.message(to: "anna@example.org")).classification == .accepted)
    }

    // MARK: Postfix

    @Test(
        .enabled(if: PostfixInstance.isAvailable, "Postfix is not installed, or this is not root"),
        .timeLimit(.minutes(3)))
    func aRealPostfixDeliversItOrDoesNotOfferIt() async throws {
        let postfix = try PostfixInstance.shared()
        for port in [postfix.port, postfix.withoutSMTPUTF8Port] {
            var configuration = try SMTPConfiguration(
                host: "localhost", port: port, security: .startTLS, helloName: "client.example.test")
            configuration.certificateAuthorityFile = postfix.certificateAuthorityFile
            let transport = SMTPTransport(configuration: configuration)
            let wide = try Self.message(from: "büro@example.test", to: "jörg@example.test", replyTo: "用户@example.test")
            let header = try Self.message(to: "anna@example.test", replyTo: "用户@example.test")
            let recipient = try Self.message(to: "jörg@example.test")
            let plain = try Self.message(to: "anna@example.test")
            let isOffered = port == postfix.port
            for (message, refusal) in [
                (wide, ReplyClass.configuration), (header, .configuration), (recipient, .permanent),
            ] {
                let reply = await transport.send(message)
                #expect(reply.classification == (isOffered ? .accepted : refusal), "\(reply)")
                guard isOffered else { continue }
                let mail = try await postfix.mail(containing: message.messageID)
                let sent = message.bytes.filter { $0 != 0x0D }
                #expect(Array(mail.suffix(sent.count)) == sent)
                let trace = String(decoding: mail.dropLast(sent.count), as: UTF8.self)
                #expect(trace.contains("with UTF8SMTPS"), "\(trace)")
            }
            #expect(await transport.send(plain).classification == .accepted)
            await transport.shutdown(grace: .seconds(10))
        }
    }
}
