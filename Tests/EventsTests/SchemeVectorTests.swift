import Events
import TestSupport
import Testing

/// A delivery of each scheme whose code somebody else has published, and what must not pass beside it.
struct SchemeVector: Sendable, CustomTestStringConvertible {
    let name: String
    let scheme: SignatureScheme
    let secret: String
    let headers: [HeaderField]
    let body: String
    let at: Int64

    var testDescription: String { name }

    static let all: [SchemeVector] = [
        // GitHub's documentation, "Testing the webhook payload validation".
        SchemeVector(
            name: "github", scheme: .github, secret: "It's a Secret to Everybody",
            headers: [
                HeaderField(
                    name: "X-Hub-Signature-256",
                    value: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
            ], body: "Hello, World!", at: 0),
        // Slack's documentation, "Verifying requests from Slack".
        SchemeVector(
            name: "slack", scheme: .slack, secret: "8f742231b10e8888abcd99yyyzzz85a5",
            headers: [
                HeaderField(name: "X-Slack-Request-Timestamp", value: "1531420618"),
                HeaderField(
                    name: "X-Slack-Signature",
                    value: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
            ],
            body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
                + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
                + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
                + "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            at: 1_531_420_618),
        // Standard Webhooks 1.0.0, the vector of its libraries' tests.
        SchemeVector(
            name: "standard-webhooks", scheme: .standardWebhooks, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            headers: [
                HeaderField(name: "webhook-id", value: "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                HeaderField(name: "webhook-timestamp", value: "1614265330"),
                HeaderField(name: "webhook-signature", value: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ], body: #"{"test": 2432232314}"#, at: 1_614_265_330),
        // The same under Svix's names.
        SchemeVector(
            name: "svix", scheme: .standardWebhooks, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            headers: [
                HeaderField(name: "svix-id", value: "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                HeaderField(name: "svix-timestamp", value: "1614265330"),
                HeaderField(name: "svix-signature", value: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ], body: #"{"test": 2432232314}"#, at: 1_614_265_330),
        // The same text under the key of RFC 8032 §7.1, test 1, signed with OpenSSL's command line.
        SchemeVector(
            name: "standard-webhooks with a public key", scheme: .standardWebhooks,
            secret: "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            headers: [
                HeaderField(name: "webhook-id", value: "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                HeaderField(name: "webhook-timestamp", value: "1614265330"),
                HeaderField(
                    name: "webhook-signature",
                    value: "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbz"
                        + "EHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw=="),
            ], body: #"{"test": 2432232314}"#, at: 1_614_265_330),
        // Stripe publishes the construction and no code; this one was made with Python's `hmac`.
        SchemeVector(
            name: "stripe", scheme: .stripe, secret: "whsec_test_secret",
            headers: [HeaderField(name: "Stripe-Signature", value: "t=1614265330,v1=\(stripeCode),v0=\(otherCode)")],
            body: #"{"id":"evt_1","object":"event","type":"charge.failed"}"#, at: 1_614_265_330),
        // RFC 4231 §4.2 has the code; the header is ours.
        SchemeVector(
            name: "hmac", scheme: .hmac(HMACScheme(header: "X-Signature")),
            secret: String(repeating: "\u{0B}", count: 20),
            headers: [
                HeaderField(
                    name: "X-Signature", value: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
            ], body: "Hi There", at: 0),
        SchemeVector(
            name: "token", scheme: .token(TokenScheme()), secret: "correct-horse-battery-staple",
            headers: [HeaderField(name: "Authorization", value: "Bearer correct-horse-battery-staple")],
            body: "{}", at: 0),
        SchemeVector(
            name: "token in a header", scheme: .token(TokenScheme(header: "X-Gitlab-Token")),
            secret: "correct,horse,battery,staple",
            headers: [HeaderField(name: "x-gitlab-token", value: "correct,horse,battery,staple")], body: "{}", at: 0),
    ]

    private static let otherCode = String(repeating: "a", count: 64)
    private static let stripeCode = "aa2d02bfb1444ace91e41a9d67076546aa9ac11d2f96608b9ab19927d3813195"

    /// Whether the request is known as the sender's, whatever it holds.
    func isKnown(
        headers: [HeaderField]? = nil, body: [UInt8]? = nil, at: Timestamp? = nil, secrets: [String]? = nil,
        allowed: [AddressBlock] = [], sender: IPAddress? = nil
    ) -> Bool {
        let verifier = SignatureVerifier(
            source: "s", scheme: scheme,
            secrets: (secrets ?? [secret]).map { Secret(Array($0.utf8), label: "env \($0.utf8.count)") },
            allowed: allowed)
        let request = InboundRequest(
            source: "s", headers: headers ?? self.headers, body: body ?? Array(self.body.utf8),
            receivedAt: at ?? Timestamp(seconds: self.at), sender: sender)
        return Result { () throws(Refusal) in try verifier.verify(request) }.answer != .unverified
    }
}

struct SchemeVectorTests {
    @Test(arguments: SchemeVector.all) func publishedDeliveryIsKnown(vector: SchemeVector) {
        #expect(vector.isKnown())
        #expect(vector.isKnown(secrets: ["another secret", vector.secret]))
        #expect(!vector.isKnown(secrets: ["another secret"]) && !vector.isKnown(secrets: []))
        #expect(!vector.isKnown(headers: []))
        for index in vector.headers.indices {
            var headers = vector.headers
            headers.remove(at: index)
            #expect(!vector.isKnown(headers: headers), "without \(vector.headers[index].name)")
        }
    }

    @Test(arguments: SchemeVector.all) func noFlippedBitOfTheBodyIsAccepted(vector: SchemeVector) {
        // A token says nothing about the body.
        if case .token = vector.scheme { return }
        let body = Array(vector.body.utf8)
        for bit in 0..<body.count * 8 {
            var flipped = body
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!vector.isKnown(body: flipped), "bit \(bit)")
        }
        #expect(!vector.isKnown(body: body + [0x0A]) && !vector.isKnown(body: Array(body.dropLast())))
    }

    @Test(arguments: SchemeVector.all) func noFlippedBitOfAHeaderIsAccepted(vector: SchemeVector) {
        for (index, field) in vector.headers.enumerated() {
            let value = Array(field.value.utf8)
            for bit in 0..<value.count * 8 {
                var flipped = value
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                // A header arrives as text: NIO repairs bytes that are none.
                let text = String(decoding: flipped, as: UTF8.self)
                var headers = vector.headers
                headers[index] = HeaderField(name: field.name, value: text)
                guard vector.isKnown(headers: headers) else { continue }
                #expect(means(text, field.value, vector.scheme), "bit \(bit) of \(field.name): \(text)")
            }
        }
    }

    /// Whether a changed value says the same: a hexadecimal letter, or the word `Bearer`, in the other case; or the
    /// change is in a version that counts for nothing.
    private func means(_ changed: String, _ value: String, _ scheme: SignatureScheme) -> Bool {
        switch scheme {
        case .standardWebhooks: false
        case .stripe: counting(changed).isSuperset(of: counting(value))
        case .token(let form):
            form.isBearer && changed.dropFirst(6) == value.dropFirst(6) && changed.lowercased() == value.lowercased()
        default: changed.lowercased() == value.lowercased()
        }
    }

    private func counting(_ value: String) -> Set<String> {
        Set(value.split(separator: ",").filter { $0.hasPrefix("t=") || $0.hasPrefix("v1=") }.map { $0.lowercased() })
    }

    @Test(arguments: SchemeVector.all.filter { $0.scheme.toleranceSeconds != nil })
    func windowEndsExactly(vector: SchemeVector) throws {
        let signed = Timestamp(seconds: vector.at)
        let tolerance = try #require(vector.scheme.toleranceSeconds)
        #expect(tolerance == 300)
        for sign in [-1, 1] as [Int64] {
            let edge = signed.microseconds + sign * tolerance * 1_000_000
            #expect(vector.isKnown(at: Timestamp(microseconds: edge)))
            #expect(vector.isKnown(at: Timestamp(microseconds: edge - sign)))
            #expect(!vector.isKnown(at: Timestamp(microseconds: edge + sign)))
            #expect(!vector.isKnown(at: Timestamp(microseconds: sign * Int64.max)))
        }
    }

    @Test func schemesWithoutATimeKnowADeliveryForEver() {
        for vector in SchemeVector.all where vector.scheme.toleranceSeconds == nil {
            #expect(vector.isKnown(at: Timestamp(microseconds: .max)))
        }
    }

    @Test(arguments: [
        SignatureScheme.keywordsai, .standardWebhooks, .github, .stripe, .slack,
        .hmac(HMACScheme(header: "X-S", algorithm: .sha512, encoding: .base64, prefix: "v=")), .token(TokenScheme()),
        .token(TokenScheme(header: "X-Token")),
    ])
    func everySchemeVerifiesWhatItSigns(scheme: SignatureScheme) throws {
        let body = Array(#"{"unique_id":"u","cost":1}"#.utf8)
        let secret = Secret(Array("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8), label: "env S")
        let now = Timestamp(microseconds: 1_700_000_000_999_999)
        let headers = try #require(scheme.sign(body, with: secret, at: now, id: "msg_1"))
        let verifier = SignatureVerifier(source: "s", scheme: scheme, secrets: [secret])
        let delivery = try verifier.verify(
            InboundRequest(source: "s", headers: headers, body: body, receivedAt: now))
        #expect(delivery.secretLabel == "env S" && delivery.events.count == 1)
    }
}
