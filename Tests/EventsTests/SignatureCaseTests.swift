import Events
import Foundation
import Testing

/// The project's own signature cases, whose texts and codes Python wrote.
struct SignatureCaseTests {
    @Test func thereAreEnoughCases() {
        #expect(SignatureCase.own.count >= 20)
    }

    @Test(arguments: FixtureFolder.cases(of: "signatures"))
    func bothSignaturesAreAnsweredAsExpected(folder: FixtureFolder) throws {
        let expectations = try SignatureExpectations(folder)
        let signed = try SignatureCase(folder)
        let raw = signed.outcome(signature: signed.signatureOverRaw)
        #expect(raw.answer == expectations.raw)
        if case .success(let delivery) = raw {
            #expect(delivery.events.count == expectations.events)
            #expect(delivery.text == .raw)
        }
        if let signature = signed.signatureOverCanonical {
            let canonical = signed.outcome(signature: signature)
            #expect(canonical.answer == expectations.canonical)
            if case .success(let delivery) = canonical, signed.canonical != signed.body {
                #expect(delivery.text == .canonical)
            }
        }
        let wrong = String(repeating: "0", count: 64)
        #expect(signed.outcome(signature: wrong).answer == .unverified)
        #expect(signed.outcome(signature: signed.signatureOverRaw, header: "X-Other").answer == .unverified)
    }

    @Test(arguments: FixtureFolder.cases(of: "signatures"))
    func canonicalTextIsPythons(folder: FixtureFolder) throws {
        let expectations = try SignatureExpectations(folder)
        guard expectations.canonical == .accepted || expectations.canonical == .malformed else { return }
        let text = try CanonicalText.of(folder.bytes("body"))
        #expect(try text == folder.bytes("canonical"))
        // Canonical text is its own canonical text, so signing it again changes nothing.
        #expect(try CanonicalText.of(text) == text)
        #expect(try CanonicalText.digest(of: folder.bytes("body")) == Hash.sha256(text))
    }

    @Test(arguments: FixtureFolder.cases(of: "signatures"))
    func signingMakesTheSameCode(folder: FixtureFolder) throws {
        let signed = try SignatureCase(folder)
        let field = SignatureScheme.keywordsai.sign(signed.body, with: Secret(signed.secret, label: "fixture"))
        #expect(field.value == signed.signatureOverRaw)
        #expect(field.name == "X-Keywordsai-Signature")
    }
}
