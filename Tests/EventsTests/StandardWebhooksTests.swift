import Events
import Testing

/// What Standard Webhooks allows in its headers, and what it does not.
struct StandardWebhooksTests {
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let now = Timestamp(seconds: 1_614_265_330)
    private static let secret = Secret(Array("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8), label: "new")
    private static let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    private static let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    private func isKnown(
        id: String = "msg_p5jXN8AQM9LWM0D4loKWxJek", time: String = "1614265330", _ signatures: String,
        more: [HeaderField] = []
    ) -> Bool {
        let headers = [
            HeaderField(name: "Webhook-Id", value: id), HeaderField(name: "WEBHOOK-TIMESTAMP", value: time),
            HeaderField(name: "webhook-signature", value: signatures),
        ]
        return isKnown(headers + more)
    }

    private func isKnown(_ headers: [HeaderField]) -> Bool {
        let verifier = SignatureVerifier(source: "s", scheme: .standardWebhooks, secrets: [Self.secret])
        let request = InboundRequest(source: "s", headers: headers, body: Self.body, receivedAt: Self.now)
        return Result { () throws(Refusal) in try verifier.verify(request) }.answer == .accepted
    }

    @Test func oneRightSignatureOfSeveralIsEnough() {
        let future = "v9,AAAA"
        for list in [Self.right, "\(Self.wrong) \(Self.right)", "\(future)  \(Self.right) \(Self.wrong)"] {
            #expect(isKnown(list), "\(list)")
        }
        #expect(isKnown(Array(repeating: Self.wrong, count: 15).joined(separator: " ") + " " + Self.right))
        #expect(!isKnown(Array(repeating: Self.wrong, count: 16).joined(separator: " ") + " " + Self.right))
        #expect(isKnown(Self.wrong, more: [HeaderField(name: "webhook-signature", value: Self.right)]))
    }

    @Test func signatureIsReadStrictly() {
        let bare = String(Self.right.dropFirst(3))
        for value in [
            "", bare, "v0,\(bare)", "v1a,\(bare)", "v1=\(bare)", "v1,\(bare.dropLast())", "v1, \(bare)",
            "V1,\(bare)", "\(Self.wrong),\(Self.right)", "\"\(Self.right)\"", "v1,\(bare)\n",
        ] {
            #expect(!isKnown(value), "\(value)")
        }
    }

    @Test func idAndTimeAreReadStrictly() {
        for time in ["", "-1614265330", "+1614265330", "1614265330.0", "01614265330 ", "1614265330000000", "soon"]
        where time != "01614265330 " { #expect(!isKnown(time: time, Self.right), "\(time)") }
        for id in ["", "msg.1", "msg 1", "msg\u{E9}", String(repeating: "x", count: 257)] {
            #expect(!isKnown(id: id, Self.right), "\(id)")
        }
        #expect(!isKnown(Self.right, more: [HeaderField(name: "webhook-id", value: "msg_p5jXN8AQM9LWM0D4loKWxJek")]))
    }

    /// An id that ends where the time begins would make one text of two deliveries.
    @Test func pointInAnIdIsRefusedAlsoWhenItIsSigned() throws {
        let headers = try #require(
            SignatureScheme.standardWebhooks.sign(Self.body, with: Self.secret, at: Self.now, id: "a.b"))
        #expect(!isKnown(headers))
    }

    @Test func namesOfBothFamiliesAreNotMixed() {
        let id = HeaderField(name: "svix-id", value: "msg_p5jXN8AQM9LWM0D4loKWxJek")
        let time = HeaderField(name: "svix-timestamp", value: "1614265330")
        let signature = HeaderField(name: "webhook-signature", value: Self.right)
        #expect(!isKnown([id, time, signature]))
        #expect(isKnown([id, time, HeaderField(name: "Svix-Signature", value: Self.right)]))
        // A proxy's leftover of one family does not hide the other.
        #expect(isKnown([signature, id, time, HeaderField(name: "svix-signature", value: Self.right)]))
    }

    @Test(arguments: [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true), ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", false), ("whsec_", false), ("whsec_c2hvcnQ=", false),
        ("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", true), ("whpk_c2hvcnQ=", false),
        ("whsk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", false), ("a secret as people type it", false),
        ("whsec_" + Base64.encode([UInt8](repeating: 7, count: 64)), true),
        ("whsec_" + Base64.encode([UInt8](repeating: 7, count: 65)), false),
    ])
    func shapeOfASecretIsChecked(text: String, isRight: Bool) {
        let secret = Secret(Array(text.utf8), label: "env S")
        let fault = SignatureScheme.standardWebhooks.fault(of: secret)
        #expect((fault == nil) == isRight)
        if let fault, text.utf8.count > 6 { #expect(!fault.message.contains(text) && !fault.hint.isEmpty) }
    }

    @Test(arguments: [
        // RFC 8032 §7.1, tests 1 and 2.
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f059"
                + "5bbe24655141438e7a100b"
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4"
                + "302aeeb00d291612bb0c00"
        ),
    ])
    func publishedEd25519SignaturesVerify(key: String, message: String, signature: String) throws {
        let key = try #require(Hex.decode(key.utf8))
        let message = try #require(Hex.decode(message.utf8))
        let signature = try #require(Hex.decode(signature.utf8))
        #expect(Ed25519.isValid(signature, over: message, publicKey: key))
        for bit in 0..<signature.count * 8 {
            var flipped = signature
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!Ed25519.isValid(flipped, over: message, publicKey: key), "bit \(bit)")
        }
        for bit in 0..<key.count * 8 {
            var flipped = key
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!Ed25519.isValid(signature, over: message, publicKey: flipped), "bit \(bit) of the key")
        }
        #expect(!Ed25519.isValid(signature, over: message + [0], publicKey: key))
        #expect(!Ed25519.isValid([], over: message, publicKey: key))
        #expect(!Ed25519.isValid(signature, over: message, publicKey: []))
    }
}
