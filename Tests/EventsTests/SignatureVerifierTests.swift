import Events
import Testing

struct SignatureVerifierTests {
    private static let body = Array(#"{"unique_id":"u","cost":1}"#.utf8)
    private static let now = Timestamp(seconds: 1_770_796_907)
    private static let old = Secret(Array("old".utf8), label: "env OLD")
    private static let new = Secret(Array("new".utf8), label: "env NEW")

    private func answer(
        _ headers: [HeaderField], secrets: [Secret] = [old, new], scheme: SignatureScheme = .keywordsai,
        body: [UInt8] = body, at now: Timestamp = now
    ) -> Result<VerifiedDelivery, Refusal> {
        let verifier = SignatureVerifier(source: "s", scheme: scheme, secrets: secrets)
        let request = InboundRequest(source: "s", headers: headers, body: body, receivedAt: now)
        return Result { () throws(Refusal) in try verifier.verify(request) }
    }

    private static let value = SignatureScheme.keywordsai.sign(body, with: new).value

    @Test(arguments: [
        "X-Respan-Signature", "X-Keywordsai-Signature", "X-Keywords-Signature", "x-keywordsai-signature",
        "X-RESPAN-SIGNATURE",
    ])
    func everyHeaderNameIsRead(name: String) throws {
        let delivery = try answer([HeaderField(name: name, value: Self.value)]).get()
        #expect(delivery.secretLabel == "env NEW" && delivery.text == .raw && !delivery.isArray)
        #expect(delivery.events.map(\.receivedAt) == [Self.now])
    }

    @Test func codeIsReadStrictly() {
        let name = "X-Respan-Signature"
        let bad = String(repeating: "0", count: 64)
        let good = [
            Self.value, Self.value.uppercased(), " \t\(Self.value) ", "\(bad), \(Self.value)", "nonsense,\(Self.value)",
        ]
        for value in good { #expect(answer([HeaderField(name: name, value: value)]).answer == .accepted, "\(value)") }
        let wrong = [
            "", bad, String(Self.value.dropLast()), Self.value + "0", "sha256=" + Self.value, "0x" + Self.value,
            "\"\(Self.value)\"", Self.value + "\n", Self.value + "\u{A0}", String(Self.value.dropLast()) + "g",
            Self.value.beginning(with: "０"),
        ]
        for value in wrong {
            #expect(answer([HeaderField(name: name, value: value)]).answer == .unverified, "\(value)")
        }
        #expect(answer([]).answer == .unverified)
    }

    @Test func oneOfSeveralFieldsIsEnough() {
        let bad = HeaderField(name: "X-Respan-Signature", value: String(repeating: "ab", count: 32))
        let good = HeaderField(name: "X-Keywordsai-Signature", value: Self.value)
        #expect(answer([bad, good]).answer == .accepted)
        #expect(answer(Array(repeating: bad, count: 15) + [good]).answer == .accepted)
        #expect(answer(Array(repeating: bad, count: 16) + [good]).answer == .unverified)
        let spaces = HeaderField(name: bad.name, value: String(repeating: " ", count: 4_096))
        #expect(answer([spaces, good]).answer == .unverified)
    }

    @Test func secretEndsWithItsDay() throws {
        let end = try #require(Timestamp.endOfDay(utcYear: 2026, month: 2, day: 11))
        let secret = Secret(Array("new".utf8), label: "env NEW", until: end)
        let headers = [HeaderField(name: "X-Respan-Signature", value: Self.value)]
        #expect(answer(headers, secrets: [secret], at: end).answer == .accepted)
        let next = Timestamp(microseconds: end.microseconds + 1)
        #expect(answer(headers, secrets: [secret], at: next).answer == .unverified)
        #expect(answer(headers, secrets: []).answer == .unverified)
    }

    @Test func secretIsNeverShown() {
        let secret = Secret(Array("top secret".utf8), label: "env NAME")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("116") && !text.contains("top") && text.contains("•••"))
        }
    }

    @Test func rawTextIsTriedBeforeCanonical() throws {
        let canonical = try CanonicalText.of(Self.body)
        let field = SignatureScheme.keywordsai.sign(canonical, with: Self.old)
        let delivery = try answer([field]).get()
        #expect(delivery.text == .canonical && delivery.secretLabel == "env OLD")
        #expect(try answer([field], body: canonical).get().text == .raw)
    }

    @Test func unreadableBodyIsNamedOnlyToAVerifiedSender() {
        let body = Array("{\"password\":".utf8)
        let field = SignatureScheme.keywordsai.sign(body, with: Self.new)
        guard case .failure(.malformed(let reason)) = answer([field], body: body) else {
            Issue.record("not malformed")
            return
        }
        #expect(reason == "the body cannot be read as JSON: the text ends inside a value")
        #expect(answer([], body: body).answer == .unverified)
    }

    @Test(arguments: HashAlgorithm.allCases, HMACScheme.Encoding.allCases)
    func genericSchemeVerifiesWhatItSigns(algorithm: HashAlgorithm, encoding: HMACScheme.Encoding) throws {
        let scheme = SignatureScheme.hmac(
            HMACScheme(header: "X-Sign", algorithm: algorithm, encoding: encoding, prefix: "v1="))
        let field = scheme.sign(Self.body, with: Self.new)
        #expect(field.name == "X-Sign" && field.value.hasPrefix("v1="))
        #expect(answer([field], scheme: scheme).answer == .accepted)
        let bare = HeaderField(name: "x-sign", value: String(field.value.dropFirst(3)))
        #expect(answer([bare], scheme: scheme).answer == .unverified)
        #expect(answer([field], secrets: [Self.old], scheme: scheme).answer == .unverified)
        // Only the raw body is signed here.
        let canonical = scheme.sign(try CanonicalText.of(Self.body), with: Self.new)
        #expect(answer([canonical], scheme: scheme).answer == .unverified)
    }

    @Test func publishedVectorsVerify() {
        // RFC 4231 §4.2, and the example of GitHub's documentation.
        let rfc = SignatureScheme.hmac(HMACScheme(header: "H")).sign(
            Array("Hi There".utf8), with: Secret([UInt8](repeating: 0x0B, count: 20), label: "rfc"))
        #expect(rfc.value == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let github = SignatureScheme.hmac(HMACScheme(header: "X-Hub-Signature-256", prefix: "sha256=")).sign(
            Array("Hello, World!".utf8), with: Secret(Array("It's a Secret to Everybody".utf8), label: "github"))
        #expect(github.value == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
        // RFC 2202 §3, case 2, and FIPS 180-4's empty message.
        let sha1 = SignatureScheme.hmac(HMACScheme(header: "H", algorithm: .sha1)).sign(
            Array("what do ya want for nothing?".utf8), with: Secret(Array("Jefe".utf8), label: "rfc"))
        #expect(sha1.value == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
        #expect(Hash.sha256Hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func base64HasOneSpelling() {
        for (bytes, text) in [([], ""), ([0x66], "Zg=="), ([0x66, 0x6F], "Zm8="), ([0x66, 0x6F, 0x6F], "Zm9v")]
            as [([UInt8], String)]
        {
            #expect(Base64.encode(bytes) == text)
            #expect(Base64.decode(Array(text.utf8)) == bytes)
        }
        for text in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-_"] {
            #expect(Base64.decode(Array(text.utf8)) == nil, "\(text)")
        }
    }
}

extension String {
    fileprivate func beginning(with other: String) -> String {
        other + dropFirst()
    }
}
