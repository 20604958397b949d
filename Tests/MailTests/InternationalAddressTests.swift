import Mail
import TestSupport
import Testing

/// Local parts beyond ASCII (RFC 6531 §3.3): what is read, and what nobody could see or name.
struct InternationalAddressTests {
    @Test(arguments: [
        "jörg@xn--exmple-cua.org", "用户@example.com", "пользователь@example.com", "उपयोगकर्ता@example.com",
        "χρήστης@example.com",
        "a.ö.b@example.com", "ö+tag@example.com", "משתמש@example.com", "ผู้ใช้@example.com", "Ö@example.com",
        "x\u{30C}z@example.com",
        "📧@example.com", "\u{20000}@example.com",
    ])
    func whatPeopleWriteIsReadAndKept(text: String) throws {
        let address = try Address(parsing: text)
        #expect(Array(address.description.utf8) == Array(text.utf8))
        #expect(address.needsSMTPUTF8)
    }

    @Test func asciiNeedsNothing() throws {
        #expect(try !Address(parsing: "ops@xn--exmple-cua.org").needsSMTPUTF8)
    }

    /// The limits count bytes, not characters (RFC 5321 §4.5.3.1).
    @Test func limitsCountBytes() throws {
        let longest = String(repeating: "ö", count: 32)
        #expect(try Address(parsing: "\(longest)@example.com").localPart == longest)
        let fault = #expect(throws: AddressFault.self) { try Address(parsing: "\(longest)x@example.com") }
        #expect(fault?.reason == .localPartTooLong && fault?.offset == 64)
    }

    static let invisible: [Unicode.Scalar] = [
        // C1 controls, which a terminal may act on.
        "\u{80}", "\u{85}", "\u{9B}", "\u{9F}",
        // What turns the direction of text, and what has no width.
        "\u{061C}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202D}", "\u{202E}",
        "\u{2060}",
        "\u{2066}", "\u{2069}", "\u{FEFF}", "\u{00AD}", "\u{034F}", "\u{180E}", "\u{FE0F}", "\u{E0041}", "\u{E0100}",
        // Letters that are drawn as nothing.
        "\u{115F}", "\u{3164}", "\u{FFA0}",
        // Spaces and line ends of Unicode.
        "\u{A0}", "\u{2003}", "\u{2028}", "\u{2029}", "\u{3000}", "\u{1680}",
        // Private, no characters, and not assigned.
        "\u{E000}", "\u{F8FF}", "\u{10FFFD}", "\u{FFFE}", "\u{10FFFF}", "\u{0378}", "\u{E0080}",
        // What broken UTF-8 is read as.
        "\u{FFFD}",
    ]

    @Test(arguments: invisible)
    func whatCannotBeSeenIsRefusedAtItsPlace(scalar: Unicode.Scalar) {
        for (text, offset) in [
            ("a\(scalar)b@example.com", 1), ("ö\(scalar)@example.com", 2), ("\(scalar)@example.com", 0),
        ] {
            let fault = #expect(throws: AddressFault.self) { try Address(parsing: text) }
            #expect(
                fault?.reason == .localPartInvisible && fault?.offset == offset, "U+\(String(scalar.value, radix: 16))")
        }
    }

    @Test(
        arguments: [
            ("\u{301}a@example.com", AddressFault.Reason.localPartMark, 0),
            ("a.\u{301}@example.com", .localPartMark, 2),
            ("a.\u{20DD}b@example.com", .localPartMark, 2), ("a\u{FF20}b.example@example.com", .localPartCharacter, 1),
            ("a\u{FE6B}b@example.com", .localPartCharacter, 1), ("ö b@example.com", .localPartCharacter, 2),
            ("ö<x@example.com", .localPartCharacter, 2), ("ö..x@example.com", .localPartDot, 3),
            ("ö.@example.com", .localPartDot, 2),
            ("\"ö\"@example.com", .quotedLocalPart, 0), ("ö@exämple.com", .domainNotASCII, 5),
            ("ö\r\nRCPT@x.y", .control, 2),
        ] as [(String, AddressFault.Reason, Int)])
    func theRestIsRefusedAsEver(text: String, reason: AddressFault.Reason, offset: Int) {
        let fault = #expect(throws: AddressFault.self) { try Address(parsing: text) }
        #expect(fault?.reason == reason && fault?.offset == offset, "\(String(describing: fault))")
    }

    /// Whatever is read has only characters that can be seen, and comes out of the reader as it went in.
    @Test func randomScalarsAreReadWholeOrRefused() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        var readCount = 0
        for _ in 0..<20_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let top: UInt32 = Bool.random(using: &generator) ? 0x2FFF : 0x10FFFF
                text.append(Unicode.Scalar(UInt32.random(in: 0...top, using: &generator)) ?? "x")
            }
            guard let address = try? Address(parsing: "\(String(text))@example.com") else { continue }
            readCount += 1
            #expect(address.localPart.unicodeScalars.elementsEqual(text), "seed \(seed)")
            for scalar in text {
                let category = scalar.properties.generalCategory
                #expect(
                    ![.control, .format, .unassigned, .privateUse, .spaceSeparator].contains(category)
                        && !scalar.properties.isDefaultIgnorableCodePoint, "seed \(seed): \(scalar.value)")
            }
        }
        #expect(readCount > 1_000, "seed \(seed)")
    }
}
