import Events
import Testing

/// What is read as JSON and what is not, in the manner of the public JSON test suites.
struct JSONReaderTests {
    @Test(arguments: [
        "null", " true ", "[]", "{}", "\t\r\n[ 1 , 2 ]", "-0", "-0.0", "1e5", "1E+5", "0.5e-10", "\"\"", "\"\\u0000\"",
        "\"\\ud800\"", "\"\u{10FFFF}\"", "\"\u{7F}\"", "{\"\":{}}", "[[],{},[{}]]", "NaN", "-Infinity", "[Infinity]",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "[1e400]", "{\"a\":1,\"a\":2}", "\"\u{FEFF}\"",
    ])
    func validTextIsRead(text: String) throws {
        _ = try JSONDocument(Array(text.utf8))
    }

    @Test(arguments: [
        ("", JSONFault.Kind.empty), (" \n", .empty), ("[", .truncated), ("{\"a\"", .truncated), ("\"abc", .truncated),
        ("nul", .truncated), ("nulL", .unexpectedByte), ("[1,]", .unexpectedByte), ("[,1]", .unexpectedByte),
        ("{,}", .unexpectedByte), ("{\"a\":1,}", .unexpectedByte), ("{a:1}", .unexpectedByte),
        ("{1:1}", .unexpectedByte),
        ("{\"a\" 1}", .unexpectedByte), ("[1 2]", .unexpectedByte), ("[1}", .unexpectedByte), ("01", .trailingBytes),
        ("-", .truncated), ("+1", .unexpectedByte), (".5", .unexpectedByte), ("1.", .truncated),
        ("[1.]", .unexpectedByte),
        ("1e", .truncated), ("[1e+]", .unexpectedByte), ("0x10", .trailingBytes), ("-NaN", .unexpectedByte),
        ("nan", .unexpectedByte), ("'a'", .unexpectedByte), ("[1]]", .trailingBytes), ("1 2", .trailingBytes),
        ("\"a\nb\"", .controlCharacter), ("\"\t\"", .controlCharacter), ("\"\\x41\"", .badEscape),
        ("\"\\u12\"", .badEscape), ("\"\\u12G4\"", .badEscape), ("\"\\u", .truncated), ("[\u{B}1]", .unexpectedByte),
        ("\u{A0}1", .unexpectedByte), ("\u{FEFF}1", .byteOrderMark), ("/* */1", .unexpectedByte),
        ("\0", .unexpectedByte),
        ("1\0", .trailingBytes), ("-Infinit", .truncated), ("--1", .unexpectedByte), ("]", .unexpectedByte),
    ])
    func invalidTextIsRefused(text: String, kind: JSONFault.Kind) {
        let fault = #expect(throws: JSONFault.self) { try JSONDocument(Array(text.utf8)) }
        #expect(fault?.kind == kind)
    }

    @Test(arguments: [
        [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x82],
        [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98], [0xC3],
    ])
    func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        for filler in ["", "long enough for whole words "] {
            let text = Array("\"\(filler)".utf8) + bytes + [UInt8(ascii: "\"")]
            #expect(throws: JSONFault.self) { try JSONDocument(text) }
        }
    }

    @Test func everyScalarValueIsUTF8() throws {
        var text = [UInt8(ascii: "\"")]
        for value in stride(from: UInt32(0x80), through: 0x10FFFF, by: 61) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            text += Array(String(scalar).utf8)
        }
        text.append(UInt8(ascii: "\""))
        #expect(try JSONValue.decode(text).string?.utf8.count == text.count - 2)
    }

    @Test func limitsAreKept() {
        func kind(_ text: String, _ limits: JSONLimits) -> JSONFault.Kind? {
            do throws(JSONFault) {
                _ = try JSONDocument(Array(text.utf8), limits: limits)
                return nil
            } catch {
                return error.kind
            }
        }
        let nested = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(kind(nested, .standard) == nil)
        #expect(kind("[" + nested + "]", .standard) == .tooDeep)
        #expect(kind(String(repeating: "{\"a\":", count: 100_000), .standard) == .tooDeep)
        #expect(kind("[1,2]", JSONLimits(valuesMax: 3)) == nil)
        #expect(kind("[1,2,3]", JSONLimits(valuesMax: 3)) == .tooManyValues)
        #expect(kind("-" + String(repeating: "9", count: 4_300), .standard) == nil)
        #expect(kind(String(repeating: "9", count: 4_301), .standard) == .integerTooLong)
        #expect(kind(String(repeating: "9", count: 4_301) + ".0", .standard) == nil)
    }

    @Test(.timeLimit(.minutes(5)))
    func manyRepeatedKeysTakeLinearTime() throws {
        // Quadratic work on 200,000 members would take hours here.
        let repeated = "{" + String(repeating: "\"same key\":1,", count: 200_000) + "\"last\":2}"
        #expect(try CanonicalText.of(Array(repeated.utf8)) == Array("{\"same key\": 1, \"last\": 2}".utf8))
        let escaped = "{" + (0..<100_000).map { "\"k\\u00\(30 + $0 % 10)\":\($0)" }.joined(separator: ",") + "}"
        let text = try CanonicalText.of(Array(escaped.utf8))
        #expect(text.starts(with: Array("{\"k0\": 99990, \"k1\": 99991".utf8)))
        let distinct = "{" + (0..<100_000).map { "\"\($0)\": \($0)" }.joined(separator: ", ") + "}"
        #expect(try CanonicalText.of(Array(distinct.utf8)) == Array(distinct.utf8))
    }

    @Test(.timeLimit(.minutes(5)))
    func longNumbersTakeLinearTime() throws {
        let digits = String(repeating: "123456789", count: 100_000)
        #expect(try CanonicalText.of(Array("0.\(digits)".utf8)) == Array("0.12345678912345678".utf8))
        #expect(try CanonicalText.of(Array("1e\(digits)".utf8)) == Array("Infinity".utf8))
        #expect(try CanonicalText.of(Array("-1e-\(digits)".utf8)) == Array("-0.0".utf8))
        #expect(try CanonicalText.of(Array("\(digits).0e-899999".utf8)) == Array("1.234567891234568".utf8))
    }

    @Test func valuesReadAndWriteCompactly() throws {
        let text = #"{"a":[1,-2.5,1.0,1e+16,true,null,"x\"\\\u0001\n\u00e9/"],"b":{},"c":9223372036854775808}"#
        let value = try JSONValue.decode(Array(text.utf8))
        let expected = #"{"a":[1,-2.5,1.0,1e+16,true,null,"x\"\\\u0001\né/"],"b":{},"c":9.223372036854776e+18}"#
        #expect(String(decoding: value.encoded(), as: UTF8.self) == expected)
        #expect(try JSONValue.decode(value.encoded()) == value)
        #expect(try JSONValue.decode(Array("[NaN,1e400,-Infinity]".utf8)) == .array([.null, .null, .null]))
        #expect(try JSONValue.decode(Array(#""\ud83dx\ude00""#.utf8)).string == "\u{FFFD}x\u{FFFD}")
    }
}
