import Events
import Testing

/// What the events of other senders are called, known by and kept as.
struct ForeignEventTests {
    private static let secret = Secret(Array("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8), label: "test")

    private func deliver(
        _ body: String, _ scheme: SignatureScheme, id: String = "msg_1", more: [HeaderField] = []
    ) throws(Refusal) -> VerifiedDelivery {
        let bytes = Array(body.utf8)
        let now = Timestamp(seconds: 1_770_000_000)
        let headers = (scheme.sign(bytes, with: Self.secret, at: now, id: id) ?? []) + more
        let verifier = SignatureVerifier(source: "s", scheme: scheme, secrets: [Self.secret])
        return try verifier.verify(InboundRequest(source: "s", headers: headers, body: bytes, receivedAt: now))
    }

    private static let gitHubIssues = HeaderField(name: "X-GitHub-Event", value: "issues")

    @Test(arguments: [
        (#"{"action":"opened","issue":{}}"#, SignatureScheme.github, "delivery msg_1 issues"),
        (
            #"{"id":"evt_1","type":"charge.failed","data":{"object":{"id":"ch_1"}}}"#, .stripe,
            "delivery evt_1 charge.failed"
        ),
        (#"{"type":"charge.failed","data":{"id":"x"}}"#, .stripe, "digest - charge.failed"),
        (
            #"{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention","channel":"C1"}}"#, .slack,
            "delivery Ev1 app_mention"
        ),
        (#"{"type":"event_callback","event_id":"Ev1"}"#, .slack, "delivery Ev1 event_callback"),
        (#"{"type":"user.created","data":{"id":"x","name":"n"}}"#, .standardWebhooks, "delivery msg_1 user.created"),
        (#"{"unique_id":"u","cost":1}"#, .standardWebhooks, "delivery msg_1 request_log"),
        (#"{"type":"log","data":{"unique_id":"u"}}"#, .standardWebhooks, "delivery msg_1 log"),
        (#"{"hello":1}"#, .standardWebhooks, "delivery msg_1 event"),
        (#"[{"hello":1},{"hello":2}]"#, .standardWebhooks, "delivery msg_1#0 event, delivery msg_1#1 event"),
        (#"{"object_kind":"push","id":7}"#, .token(TokenScheme()), "id 7 event"),
        (#"{"event_type":"e","data":{"model":"m","cost":1,"id":"x"}}"#, .hmac(HMACScheme(header: "H")), "id x e"),
        (#"{"event_type":"e","data":{"model":"m","id":"x"}}"#, .hmac(HMACScheme(header: "H")), "digest - e"),
    ])
    func keysAreTheSendersOwn(body: String, scheme: SignatureScheme, keys: String) throws {
        let more = scheme == .github ? [Self.gitHubIssues] : []
        let found = try deliver(body, scheme, more: more).events.map { event in
            "\(event.key.origin.rawValue) \(event.key.origin == .digest ? "-" : event.key.id) \(event.key.type)"
        }
        #expect(found.joined(separator: ", ") == keys)
    }

    @Test func gitHubWithoutADeliveryIdIsKnownByItsBody() throws {
        let bytes = Array(#"{"action":"opened"}"#.utf8)
        let signature = HeaderField(
            name: "X-Hub-Signature-256",
            value: SignatureScheme.hmac(HMACScheme(header: "", prefix: "sha256=")).sign(bytes, with: Self.secret).value)
        let verifier = SignatureVerifier(source: "s", scheme: .github, secrets: [Self.secret])
        for more in [[], [HeaderField(name: "X-GitHub-Delivery", value: "a b")]] {
            let delivery = try verifier.verify(
                InboundRequest(
                    source: "s", headers: [signature] + more, body: bytes, receivedAt: Timestamp(seconds: 0)))
            #expect(delivery.events.map(\.key.origin) == [.digest])
            #expect(delivery.events.map(\.key.type) == ["event"])
        }
    }

    @Test func foreignEventsKeepTheirShape() throws {
        let stripe = try deliver(
            #"{"id":"evt_1","type":"charge.failed","data":{"object":{"amount":1200,"currency":"eur"}}}"#, .stripe)
        let facts = stripe.events[0].facts
        #expect(facts.event["data"]?["object"]?["amount"] == .int(1_200))
        #expect(facts.event["type"] == .string("charge.failed"))
        #expect(facts[.eventType] == .string("charge.failed"))
        let github = try deliver(
            #"{"action":"opened","organization":{"login":"acme"},"user":{"login":"ann"}}"#, .github,
            more: [Self.gitHubIssues])
        #expect(github.events[0].facts[.eventType] == .string("issues"))
        #expect(github.events[0].facts.event["organization"]?["login"] == .string("acme"))
        #expect(github.events[0].facts.event["user"]?["login"] == .string("ann"))
        #expect(github.events[0].facts[.user] == .absent)
    }

    /// A large part must not push the small ones behind it out of what rules can read.
    @Test func roomIsSharedAmongTheParts() throws {
        let urls = (0..<200).map { #""part\#($0)_url":"https://api.example.com/\#($0)""# }.joined(separator: ",")
        let body = """
            {"action":"opened","issue":{"number":7,\(urls)},"repository":{"owner":{\(urls)},"full_name":"acme/web"},\
            "labels":[\((0..<900).map(String.init).joined(separator: ","))],"sender":{"login":"ann"}}
            """
        let facts = try deliver(body, .github, more: [Self.gitHubIssues]).events[0].facts
        #expect(facts.event["issue"]?["number"] == .int(7))
        #expect(facts.event["repository"]?["full_name"] == .string("acme/web"))
        #expect(facts.event["sender"]?["login"] == .string("ann"))
        #expect(facts.isReduced && facts.encoded().count <= Facts.bytesMax)
    }

    /// It is what verified Slack's events before they were signed, and stands in every one of them.
    @Test func slacksOldTokenIsNotKept() throws {
        let event = try deliver(
            #"{"token":"xyzz0WbapA4vBCDEFasx0q6G","event_id":"Ev1","type":"event_callback","event":{"type":"a"}}"#,
            .slack
        ).events[0]
        #expect(String(decoding: event.body, as: UTF8.self).hasPrefix(#"{"token":"[removed]","event_id":"Ev1""#))
        #expect(!String(decoding: event.facts.encoded(), as: UTF8.self).contains("token"))
        let other = try deliver(#"{"token":"t","type":"a"}"#, .stripe).events[0]
        #expect(other.facts.event["token"] == .string("t"))
    }

    @Test func typeOfALogIsAFactOnlyWhenItIsNamed() throws {
        let bare = try deliver(#"{"unique_id":"u","cost":1}"#, .keywordsai).events[0]
        #expect(bare.facts[.eventType] == .absent && bare.key.type == "request_log")
        let wrapped = try deliver(#"{"event":"trace_completed","data":{"unique_id":"u"}}"#, .keywordsai).events[0]
        #expect(wrapped.facts[.eventType] == .string("trace_completed") && wrapped.key.id == "u")
    }

    @Test func greetingsAreNoEvents() throws {
        let ping = try deliver(
            #"{"zen":"Design for failure."}"#, .github, more: [HeaderField(name: "x-github-event", value: "ping")])
        #expect(ping.greeting == .ping && ping.events.isEmpty)
        let hello = try deliver(#"{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV"}"#, .slack)
        #expect(hello.greeting == .challenge("3eZbrw1aBm2rZgRNFdxV") && hello.events.isEmpty)
        #expect(try deliver(#"{"type":"url_verification","challenge":"x"}"#, .stripe).greeting == nil)
        #expect(try deliver(#"{"zen":"x"}"#, .github, more: [Self.gitHubIssues]).greeting == nil)
    }

    @Test(arguments: [
        #"{"type":"url_verification"}"#, #"{"type":"url_verification","challenge":7}"#,
        #"{"type":"url_verification","challenge":""}"#, #"{"type":"url_verification","challenge":"a b"}"#,
        #"{"type":"url_verification","challenge":"a\u0000"}"#,
        #"{"type":"url_verification","challenge":"\#(String(repeating: "x", count: 201))"}"#,
    ])
    func challengesAreBounded(body: String) {
        #expect(throws: Refusal.malformed("the challenge is no plain text of at most 200 characters")) {
            try deliver(body, .slack)
        }
    }
}
