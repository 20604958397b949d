import Events
import Foundation
import Mail
import TestSupport
import Testing
import Transports

/// Rules with windows in a real process: what they count survives a kill, and what time brings comes without traffic.
@Suite(.serialized) struct WindowJobTests {
    private static let failed = #""status_code": 503, "model": "gpt-4o", "provider_id": "openai""#

    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(3)))
    func threeInTenSecondsMakeOneMailAndOneWhenItIsOver() async throws {
        let postfix = try PostfixInstance.shared()
        let mailbox = "window-\(UUID().uuidString.prefix(8).lowercased())@example.test"
        let server = try ServerProcess(
            mail: postfix.mailLines,
            rest: """
                rules:
                  - name: trouble
                    when: failed
                    per: [provider_id]
                    count: {at_least: 3, within: 10s}
                    notify: \(mailbox)
                """)
        try await server.start()
        let exchange = HTTPExchange()
        for number in 1...5 {
            let body = #"{"unique_id": "w\#(number)", \#(Self.failed)}"#
            #expect(try await server.post(Array(body.utf8), over: exchange).status == 200)
        }
        let mails = try await postfix.mails(containing: mailbox, count: 2).map {
            ReadableMessage(MailBytes.withCRLF($0))
        }
        #expect(mails.count == 2)
        #expect(mails.allSatisfy { $0.subject.contains("trouble: ") && $0.text.contains("openai") })
        let records = StoredRecords(server: server)
        #expect(try await records.settled())
        #expect(Set(try await records.mails().map { $0.text("reason") ?? "" }) == ["recovered", "fired"])
        #expect(try await server.terminate() == 0)
        await exchange.shutdown()
    }

    @Test(.timeLimit(.minutes(3))) func whatAWindowCountedSurvivesAKill() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: """
                rules:
                  - {name: burst, when: failed, count: {at_least: 20, within: 1h}, remind: never, notify: b@example.com}
                """)
        let exchange = HTTPExchange()
        var number = 0
        for (kills, count) in [(true, 7), (true, 6), (false, 6), (true, 1), (false, 9)] {
            try await server.start()
            for _ in 0..<count {
                number += 1
                let body = #"{"unique_id": "k\#(number)", \#(Self.failed)}"#
                #expect(try await server.post(Array(body.utf8), over: exchange).status == 200)
            }
            let records = StoredRecords(server: server)
            let isSettled = try await records.settled()
            #expect(isSettled)
            #expect(try await records.mails().count == (number < 20 ? 0 : 1), "after \(number) events")
            if kills { server.kill9() } else { #expect(try await server.terminate() == 0) }
        }
        await exchange.shutdown()
    }
}
