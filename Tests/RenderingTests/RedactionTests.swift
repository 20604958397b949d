import Foundation
import Rendering
import TestSupport
import Testing

/// What is taken out of content texts by its form, and what must stay.
struct RedactionTests {
    @Test(arguments: [
        ("write to jo.doe+x@mail.example.com.", "write to [e-mail address]."),
        ("<jo@example.org>, (a_b@c-d.io)", "<[e-mail address]>, ([e-mail address])"),
        ("mailto:jo@example.com?subject=x", "mailto:[e-mail address]?subject=x"),
        ("to=jo%40example.com&x", "to=[e-mail address]&x"), ("jo＠example．com", "[e-mail address]"),
        ("jörg@müller.example", "[e-mail address]"),
        ("https://me:pass@host.example/x", "https://me:[e-mail address]/x"),
        ("a@b.co c@d.co", "[e-mail address] [e-mail address]"),
        (#"{"m":"jo@example.com"}"#, #"{"m":"[e-mail address]"}"#),
        ("4111111111111111", "[card number]"), ("4111 1111 1111 1111", "[card number]"),
        ("4111-1111-1111-1111.", "[card number]."), ("378282246310005", "[card number]"),
        ("3782 822463 10005", "[card number]"),
        ("5555555555554444 and 2223003122003222", "[card number] and [card number]"),
        ("6011111111111117", "[card number]"), ("3530111333300000", "[card number]"),
        ("30569309025904", "[card number]"),
        ("4222222222222", "[card number]"), ("card:6759649826438453 12/29 123", "card:[card number] 12/29 123"),
        ("no 12 4111 1111 1111 1111 123", "no 12 [card number] 123"), ("４１１１１１１１１１１１１１１１", "[card number]"),
        (#"{"pan":4111111111111111}"#, #"{"pan":[card number]}"#), (#""a\n4111111111111111""#, #""a\n[card number]""#),
        ("4111\u{A0}1111\u{A0}1111\u{A0}1111", "[card number]"), ("4111–1111–1111–1111", "[card number]"),
        ("use sk-proj-abcDEF1234567890abcd now", "use [key] now"),
        ("Authorization: Bearer abcdefghijklmnop1234567", "Authorization: Bearer [token]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl x", "[token] x"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nend", "[PEM block]\nend"),
    ])
    func whatIsPrivateByItsFormIsNamedInstead(text: String, wanted: String) {
        #expect(Redaction.redacted(text) == wanted)
    }

    @Test(arguments: [
        "4111111111111112", "4111 1111 1111 1112", "order 1234567890123456", "id 7992739871300000018",
        "1795075263000", "1795075263041572", "order ORD4111111111111111", "ref_4111111111111111", "4111111111111111a",
        "0.4111111111111111", "4111111111111111.5", "41111111111111111111111111", "4111 11", "4444444444444448888x",
        "0000 0000 0000 0000", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "41 11 11 11 11 11 11 11",
        "411111111111-1111111111111",
        "550e8400-e29b-41d4-a716-446655440000", "+49 170 1234567", "2026-11-19 08:01:02", "user@localhost", "@user",
        "a @ b.com", "x@y.z", "e.g. this@", "version 1.2.3", "sk-short", "-----BEGIN",
    ])
    func whatOnlyLooksLikeItStays(text: String) {
        #expect(Redaction.redacted(text) == text)
    }

    /// Random numbers of the lengths and first digits of cards: with a right check digit they go, with a wrong one they
    /// stay.
    @Test func theCheckDigitDecides() {
        let given = ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? .random(in: .min ... .max)
        var generator = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let length = [13, 16, 19].randomElement(using: &generator) ?? 16
            var digits = [4] + (1..<length).map { _ in Int.random(in: 0...9, using: &generator) }
            digits[length - 1] = 0
            let sum = digits.reversed().enumerated().reduce(0) { sum, next in
                let value = next.offset % 2 == 1 ? next.element * 2 : next.element
                return sum + value / 10 + value % 10
            }
            let check = (10 - sum % 10) % 10
            for last in 0...9 {
                digits[length - 1] = last
                let text = "n " + digits.map(String.init).joined() + ";"
                #expect(Redaction.redacted(text) == (last == check ? "n [card number];" : text), "seed \(seed)")
            }
        }
    }

    /// Texts that make a careless search look at the same bytes again and again.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "4111 ", "4111-1111 1", "4", "a@", "@", "a.", "a@b.", "-----BEGIN ", "sk-", "Bearer ", "eyJa.", "a@a.a",
        ])
    func aQuarterOfAMegabyteOfAlmostMatchesIsOnePass(piece: String) {
        let text = String(repeating: piece, count: (1 << 18) / piece.utf8.count)
        #expect(Redaction.redacted(text).utf8.count <= text.utf8.count * 8)
    }
}
