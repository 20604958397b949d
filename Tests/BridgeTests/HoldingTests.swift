import Bridge
import Events
import Mail
import Rendering
import Rules
import Store
import TestSupport
import Testing
import Transports

/// What a refusal by the mail server does to the other mails, and how an operator hears of it and goes on.
@Suite(.timeLimit(.minutes(2))) struct HoldingTests {
    static let rules = "rules: [{name: one, when: failed, notify: [a@example.com, b@example.com, c@example.com]}]"
    static let denied = Reply(
        classification: .configuration, code: 535, enhancedCode: "5.7.8", text: "535 5.7.8 bad credentials",
        reason: .loginRefused)

    private func get(_ path: String, _ bridge: RunningBridge) async throws -> (status: Int, value: JSONValue) {
        let answer = try await bridge.exchange.send(.init(url: bridge.adminURL + path))
        return (answer.status, try JSONValue.decode(answer.body))
    }

    private func post(_ path: String, _ bridge: RunningBridge) async throws -> JSONValue {
        let answer = try await bridge.exchange.send(.init(method: "POST", url: bridge.adminURL + path, body: []))
        #expect(answer.status == 200)
        return try JSONValue.decode(answer.body)
    }

    @Test func aWrongPasswordIsTriedByOneMailAloneAndSaidInPlainWords() async throws {
        try await RunningBridge.with(rules: Self.rules, replies: [Self.denied, Self.denied]) { bridge in
            for number in 1...5 { _ = try await bridge.post(#"{"unique_id": "e\#(number)", "status_code": 500}"#) }
            try await bridge.settled { $0 == .held || $0 == .queued }
            #expect(bridge.transport.messages.count == 1, "one login, not one for each mail")
            let ready = try await get("/readyz", bridge)
            #expect(ready.status == 503)
            let words = ready.value["reasons"]?.array?.compactMap(\.string).joined() ?? ""
            #expect(words.contains(ReplyReason.loginRefused.meaning) && words.contains(ReplyReason.loginRefused.remedy))

            // Still wrong: one mail tries, and everything is held again.
            #expect(try await post("/api/mails/resume", bridge)["mails"]?.int == 1)
            for _ in 0..<1_000 where bridge.transport.messages.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
            try await bridge.settled { $0 == .held || $0 == .queued }
            #expect(bridge.transport.messages.count == 2)

            // Mended: everything goes, nothing was given up.
            _ = try await post("/api/mails/resume", bridge)
            try await bridge.settled()
            let states = try await bridge.store.deliveries(state: nil, before: nil, limit: 100).map(\.state)
            #expect(states.count == 15 && states.allSatisfy { $0 == .accepted })
            #expect(try await get("/readyz", bridge).status == 200)
        }
    }

    /// A mail that met the refusal of its sender goes out in the new name, and under its old identifier.
    @Test(
        arguments: [
            ("bad@old.example", nil, ReplyReason.senderRefused),
            ("hookmail@example.com", "jörg@example.com", .smtpUTF8NotOffered),
            ("büro@old.example", nil, .smtpUTF8NotOffered),
        ] as [(String, String?, ReplyReason)])
    func aMendedSenderIsThatOfTheMailThatMetTheRefusal(
        from: String, replyTo: String?, reason: ReplyReason
    ) async throws {
        let store = KeptStore(MemoryStore())
        let refused = Reply(classification: .configuration, text: "no", reason: reason)
        let mailbox = try Mailbox(parsing: from)
        var identity = MailIdentity(from: mailbox, host: mailbox.address.domain)
        identity.replyTo = try replyTo.map { try Mailbox(parsing: $0) }
        let composer = Composer(templates: .builtin, identity: identity)
        func inOldName(_ parts: inout Bridge.Parts) { parts.composer = composer }
        try await RunningBridge.with(
            rules: Self.rules, replies: [refused], store: store, adjust: inOldName
        ) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .held || $0 == .queued }
        }
        let held = try #require(try await store.deliveries(state: .held, before: nil, limit: 10).first)
        let before = try #require(try await store.delivery(held.id)?.message)
        #expect(before.senderNeedsSMTPUTF8 == (reason == .smtpUTF8NotOffered) && before.sender == mailbox.address)
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 3)
            for message in bridge.transport.messages {
                #expect(message.sender.description == "hookmail@example.com" && !message.needsSMTPUTF8)
            }
            #expect(bridge.transport.messages.contains { $0.messageID == before.messageID })
            let after = try #require(try await store.delivery(held.id)?.message)
            #expect(after.messageID == before.messageID && after.recipient == before.recipient)
        }
    }

    @Test func aRestartTriesWhatWasHeld() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.rules, replies: [Self.denied], store: store) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .held || $0 == .queued }
            #expect(try await store.deliveries(state: .held, before: nil, limit: 10).count == 1)
        }
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 3)
        }
    }

    @Test func aRefusedRecipientIsListedAndItsSiblingsGoOut() async throws {
        let refused = Reply(
            classification: .recipientRefused, code: 550, enhancedCode: "5.1.1", text: "550 5.1.1 no such user",
            reason: .recipientRefused)
        try await RunningBridge.with(rules: Self.rules, replies: [refused]) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled()
            let list = try await get("/api/suppressed", bridge).value.array ?? []
            #expect(list.count == 1)
            #expect(list[0]["mails"]?.int == 1)
            #expect(list[0]["last_reply"]?["reason"]?.string == "recipient_refused")
            let number = try #require(list[0]["last_mail"]?.int)
            let mail = try await get("/api/mails/\(number)", bridge).value
            let others = mail["also_to"]?.array ?? []
            #expect(others.count == 2)
            #expect(others.allSatisfy { $0["state"]?.string == "accepted" })
            #expect(!others.contains { $0["id"]?.int == number })
        }
    }

    /// A host that was down does not make a later passing fault wait longer.
    @Test func hostFailuresDoNotCountForTheSchedule() async throws {
        let down = Reply(classification: .host, text: "down", reason: .unreachable)
        let busy = Reply(classification: .transient, code: 451, text: "451 later", reason: .deferred)
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        try await RunningBridge.with(rules: rules, replies: [down, down, down, busy]) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            for count in 1...3 {
                try await bridge.settled { $0 == .queued }
                for _ in 0..<1_000 where bridge.transport.messages.count < count {
                    try await Task.sleep(for: .milliseconds(5))
                }
                try await bridge.settled { $0 == .queued }
                bridge.clock.advance(by: .seconds(73))
            }
            for _ in 0..<1_000 where bridge.transport.messages.count < 4 { try await Task.sleep(for: .milliseconds(5)) }
            try await bridge.settled { $0 == .queued }
            let record = try #require(try await bridge.store.delivery(1)?.record)
            let pause = try #require(record.nextAttemptAt) - bridge.clock.now()
            #expect(record.attempts == 4)
            #expect(pause <= .seconds(72), "the first pause of the schedule, not the fourth: \(pause)")
        }
    }

    @Test func aMailThatIsTooLargeIsSentOnceMoreInItsShortForm() async throws {
        let large = Reply(
            classification: .permanent, code: 552, enhancedCode: "5.3.4", text: "552 5.3.4 too big", reason: .tooLarge)
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        let event = #"{"unique_id": "e1", "status_code": 500, "error_message": "the marked error text"}"#
        try await RunningBridge.with(rules: rules, replies: [large]) { bridge in
            _ = try await bridge.post(event)
            try await bridge.settled()
            let messages = bridge.transport.messages
            try #require(messages.count == 2)
            #expect(messages[1].messageID == messages[0].messageID)
            #expect(messages[1].bytes.count < messages[0].bytes.count)
            let short = ReadableMessage(messages[1].bytes)
            #expect(short.subject == ReadableMessage(messages[0].bytes).subject)
            #expect(short.text.contains("short form") && !short.text.contains("marked error"))
            let detail = try #require(try await bridge.store.delivery(1))
            #expect(detail.record.state == .accepted)
            #expect(detail.message == messages[1])
        }
        // A server that takes not even that ends it.
        try await RunningBridge.with(rules: rules, replies: [large, large]) { bridge in
            _ = try await bridge.post(event)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 2)
            #expect(try await bridge.store.delivery(1)?.record.state == .dead)
        }
    }
}
