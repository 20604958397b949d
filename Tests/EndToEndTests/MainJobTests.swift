import Events
import Foundation
import Mail
import TestSupport
import Testing
import Transports

extension PostfixInstance {
    /// What stands under `mail:` to send through this server.
    var mailLines: String {
        """
        from: Hookmail <alerts@example.test>
        server: smtp://localhost:\(port)
        ca_file: \(certificateAuthorityFile)
        """
    }
}

/// The main job on real input: a signed event over HTTP, a real process, a real Postfix, a real mailbox.
@Suite(.serialized) struct MainJobTests {
    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func aSignedEventBecomesAMailInAMailbox() async throws {
        let postfix = try PostfixInstance.shared()
        let mailbox = "main-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        let server = try ServerProcess(
            mail: postfix.mailLines,
            rest: "rules: [{name: failed-calls, when: failed, notify: \(mailbox), severity: high}]")
        try await server.start()
        let exchange = HTTPExchange()
        let body = #"{"unique_id": "e1", "status_code": 503, "model": "gpt-4o", "error_message": "overloaded"}"#
        #expect(try await server.post(Array(body.utf8), over: exchange).status == 200)
        let bytes = try await postfix.mail(containing: mailbox)
        let mail = ReadableMessage(MailBytes.withCRLF(bytes))
        #expect(mail.from == "Hookmail <alerts@example.test>")
        #expect(mail.to.contains(mailbox))
        #expect(mail.subject.hasPrefix("[high] failed-calls: "))
        #expect(mail.text.contains("503"))
        #expect(mail.text.contains("gpt-4o"))
        let records = StoredRecords(server: server)
        #expect(try await records.settled())
        #expect(try await records.mails().map { $0.text("state") } == ["accepted"])
        #expect(try await server.terminate() == 0)
        await exchange.shutdown()
    }

    static let eventsPath = ProcessInfo.processInfo.environment["HOOKMAIL_EVENTS"]

    @Test(.enabled(if: PostfixInstance.isAvailable && eventsPath != nil), .timeLimit(.minutes(5)))
    func twoHundredEventsMakeTwelveMailsHoweverHostileTheirText() async throws {
        let postfix = try PostfixInstance.shared()
        let mailbox = "events-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        let server = try ServerProcess(
            mail: postfix.mailLines, rest: "rules: [{name: failed-calls, when: failed, notify: \(mailbox)}]")
        try await server.start()
        let exchange = HTTPExchange()
        let path = try #require(Self.eventsPath)
        let lines = try String(contentsOfFile: path, encoding: .utf8)
            .split(whereSeparator: \.isNewline)
        #expect(lines.count == 200)
        for status in ["accepted", "duplicate"] {
            for line in lines {
                let answer = try await server.post(Array(line.utf8), over: exchange)
                #expect(answer.status == 200)
                #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix(#"{"status":"\#(status)""#))
            }
        }
        let records = StoredRecords(server: server)
        #expect(try await records.settled())
        #expect(try await records.events().count == 200)
        #expect(try await records.mails().count == 12)
        let mails = try await postfix.mails(containing: mailbox, count: 12)
        #expect(mails.count == 12)
        let verdicts = try MailJudge.judge(mails)
        for verdict in verdicts {
            #expect(verdict.defects.isEmpty, "\(verdict.defects)")
            #expect(verdict.recipients == [mailbox])
            #expect(verdict.unexpectedHeaders.isEmpty, "\(verdict.unexpectedHeaders)")
            #expect(verdict.links.isEmpty, "\(verdict.links)")
            #expect(verdict.unexpectedTags.isEmpty, "\(verdict.unexpectedTags)")
        }
        #expect(try await server.terminate() == 0)
        await exchange.shutdown()
    }

    @Test(.timeLimit(.minutes(3))) func terminationLosesNothingAndExitsWithZero() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        try await server.start()
        let exchange = HTTPExchange()
        var acknowledged = 0
        for number in 1...50 {
            let answer = try await server.post(
                Array(#"{"unique_id": "t\#(number)", "status_code": 500}"#.utf8), over: exchange)
            if answer.status == 200 { acknowledged += 1 }
        }
        #expect(try await server.terminate() == 0)
        try await server.start()
        let records = StoredRecords(server: server)
        #expect(try await records.settled())
        #expect(try await records.events().count == acknowledged)
        #expect(try await records.mails().count == acknowledged)
        let folder = server.folder.appendingPathComponent("mail/new").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == acknowledged)
        #expect(try await server.terminate() == 0)
        await exchange.shutdown()
    }
}

/// Postfix stores LF line ends; our reader wants the wire's CRLF.
enum MailBytes {
    static func withCRLF(_ bytes: [UInt8]) -> [UInt8] {
        bytes.reduce(into: []) { result, byte in
            if byte == 10, result.last != 13 { result.append(13) }
            result.append(byte)
        }
    }
}
