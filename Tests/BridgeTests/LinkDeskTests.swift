import Bridge
import Events
import Foundation
import Mail
import Rendering
import Rules
import Store
import TestSupport
import Testing
import Transports

/// The links of mails over real HTTP: reading changes nothing, posting acts once.
@Suite(.timeLimit(.minutes(2))) struct LinkDeskTests {
    private static let signer = LinkSigner(
        base: "https://hookmail.example.com/hooks", key: Secret(Array("0123456789abcdef".utf8), label: "test"))
    private static let rules = """
        rules:
          - {name: failed-calls, when: failed, per: customer_identifier, at_most: 100 per 1h,
             notify: [a@example.com, b@example.com]}
        """

    private static func log(_ id: Int, _ customer: String = "acme") -> String {
        #"{"unique_id":"\#(id)","status":"error","status_code":500,"model":"m","customer_identifier":"\#(customer)"}"#
    }

    private static func with(
        _ signer: LinkSigner = signer, store: (any Store)? = nil,
        _ body: @Sendable @escaping (RunningBridge) async throws -> Void
    ) async throws {
        try await RunningBridge.with(
            rules: rules, store: store,
            adjust: { parts in
                parts.composer = Composer(
                    templates: .builtin, identity: parts.composer.identity, links: signer)
            }, body)
    }

    private static func send(
        _ bridge: RunningBridge, _ method: String, _ token: String, body: String? = nil, prefix: String = "",
        over exchange: HTTPExchange? = nil
    ) async throws -> HTTPExchange.Response {
        let base = bridge.webhookURL.replacingOccurrences(of: "/api/webhook/", with: "")
        return try await (exchange ?? bridge.exchange).send(
            .init(method: method, url: "\(base)\(prefix)/m/\(token)", body: body.map { Array($0.utf8) }))
    }

    /// The token behind an action in the mail to an address.
    private static func token(
        _ bridge: RunningBridge, _ action: LinkToken.Action, to recipient: Int = 0
    ) async throws -> String {
        let record = try #require(try await bridge.store.deliveries(state: nil, before: nil, limit: 1).first)
        return signer.name(
            LinkToken(action, of: record.notification, recipient: recipient, now: bridge.clock.now()))
    }

    private static func silences(_ bridge: RunningBridge) async throws -> [Silence] {
        try await bridge.store.silences(at: bridge.clock.now()).all
    }

    @Test func snoozingHoldsTheGroupBackForAnHour() async throws {
        try await Self.with { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 2)
            let token = try await Self.token(bridge, .snooze)
            // What looks links up on their way changes nothing.
            for method in ["GET", "HEAD"] {
                let answer = try await Self.send(bridge, method, token)
                #expect(answer.status == 200 && answer.header("content-type") == "text/html; charset=utf-8")
                #expect(answer.body.isEmpty == (method == "HEAD"))
                #expect(
                    answer.header("referrer-policy") == "no-referrer" && answer.header("cache-control") == "no-store")
            }
            #expect(try await Self.silences(bridge).isEmpty)
            for _ in 0..<2 {
                let answer = try await Self.send(bridge, "POST", token, body: "", prefix: "/hooks")
                #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("Held back"))
            }
            let made = try await Self.silences(bridge)
            #expect(made.count == 1 && made.first?.author == "a@example.com" && made.first?.recipient == nil)
            #expect(made.first.map { $0.until == $0.addedAt.advanced(by: .seconds(3_600)) } == true)
            _ = try await bridge.post(Self.log(2))
            _ = try await bridge.post(Self.log(3, "globex"))
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 4)
        }
    }

    @Test func oneClickUnsubscribesOneRecipientFromTheRule() async throws {
        try await Self.with { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let token = try await Self.token(bridge, .unsubscribe, to: 1)
            #expect(try await Self.send(bridge, "GET", token).status == 200)
            #expect(try await Self.silences(bridge).isEmpty)
            // As RFC 8058 §3.2 has it.
            let answer = try await Self.send(bridge, "POST", token, body: "List-Unsubscribe=One-Click")
            #expect(answer.status == 200)
            #expect(try await Self.silences(bridge).map(\.recipient) == ["b@example.com"])
            _ = try await bridge.post(Self.log(2, "globex"))
            try await bridge.settled()
            #expect(bridge.transport.messages.map(\.recipient.description).suffix(1) == ["a@example.com"])
            #expect(bridge.transport.messages.count == 3)
        }
    }

    @Test func detailsTellWhyAndNeverAct() async throws {
        try await Self.with { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let token = try await Self.token(bridge, .details)
            for method in ["GET", "POST"] {
                let answer = try await Self.send(bridge, method, token)
                let page = String(decoding: answer.body, as: UTF8.self)
                #expect(answer.status == 200 && page.contains("You get this mail because") && page.contains("<form"))
            }
            #expect(try await Self.silences(bridge).isEmpty)
        }
    }

    @Test func whatIsNoLinkOfOursIsToldNothing() async throws {
        try await Self.with { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let token = try await Self.token(bridge, .snooze)
            for other in ["", "x", String(token.dropLast()), token + "A", String(repeating: "A", count: 4_000)] {
                #expect(try await Self.send(bridge, "POST", other).status == 404, "\(other.prefix(80))")
            }
            #expect(try await Self.send(bridge, "PUT", token).status == 405)
            #expect(
                try await Self.send(bridge, "POST", token, body: String(repeating: "x", count: 9_000)).status == 413)
            bridge.clock.advance(by: .seconds(8 * 86_400))
            #expect(try await Self.send(bridge, "POST", token).status == 410)
            #expect(try await Self.silences(bridge).isEmpty)
        }
    }

    @Test func aMailOfAnotherStoreIsNotMeant() async throws {
        try await Self.with { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let record = try #require(try await bridge.store.deliveries(state: nil, before: nil, limit: 1).first)
            let old = try NotificationMaker.notification(record.notification.id)
            #expect(old.at != record.notification.at)
            let token = Self.signer.name(LinkToken(.snooze, of: old, recipient: 0, now: bridge.clock.now()))
            #expect(try await Self.send(bridge, "POST", token).status == 410)
            #expect(try await Self.silences(bridge).isEmpty)
        }
    }

    @Test func withoutAnAddressThereAreNoLinks() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let answer = try await Self.send(bridge, "GET", try await Self.token(bridge, .details))
            #expect(answer.status == 404 && answer.header("content-type") == "application/json")
        }
    }

    /// A mail client that tries again while the first request is under way.
    @Test func postsAtOnceActOnce() async throws {
        let store = KeptStore(MemoryStore(options: StoreOptions()))
        try await Self.with(store: store) { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let token = try await Self.token(bridge, .unsubscribe)
            // Long enough for all of them to look before the first acts.
            store.delaySilences(by: .milliseconds(20))
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        // One of its own, for each does one request after the other.
                        let exchange = HTTPExchange()
                        let status = try await Self.send(bridge, "POST", token, body: "", over: exchange).status
                        await exchange.shutdown()
                        return status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await Self.silences(bridge).count == 1)
        }
    }

    /// A key is changed in two steps, and no link of a mail ends with it.
    @Test func linksOfBeforeAChangeOfKeysWork() async throws {
        let old = Secret(Array("0123456789abcdef".utf8), label: "old")
        let new = Secret(Array("fedcba9876543210".utf8), label: "new")
        let rotated = LinkSigner(base: Self.signer.base, key: new, otherKeys: [old])
        try await Self.with(rotated) { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let before = try await Self.token(bridge, .unsubscribe)
            let mail = try #require(bridge.transport.messages.first)
            let text = ReadableMessage(mail.bytes).text
            #expect(!text.contains(before), "mails are signed with the first key")
            let page = try await Self.send(bridge, "GET", before)
            #expect(page.status == 200)
            #expect(!String(decoding: page.body, as: UTF8.self).contains(before), "the form's link has the new key")
            #expect(try await Self.send(bridge, "POST", before, body: "").status == 200)
            let made = try await Self.silences(bridge)
            #expect(made.map(\.recipient) == ["a@example.com"])
        }
        // Taken out of the list it is worth nothing.
        try await Self.with(LinkSigner(base: Self.signer.base, key: new)) { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let before = try await Self.token(bridge, .unsubscribe)
            #expect(try await Self.send(bridge, "POST", before, body: "").status == 404)
        }
    }

    @Test(arguments: ["/m", "/m/x", "/hooks", ""]) func anyPathBeforeTheLinksWorks(base: String) async throws {
        let signer = LinkSigner(
            base: "https://hookmail.example.com\(base)", key: Secret(Array("0123456789abcdef".utf8), label: "test"))
        try await Self.with(signer) { bridge in
            _ = try await bridge.post(Self.log(1))
            try await bridge.settled()
            let token = try await Self.token(bridge, .details)
            for prefix in ["", base] {
                #expect(try await Self.send(bridge, "GET", token, prefix: prefix).status == 200)
            }
        }
    }
}
