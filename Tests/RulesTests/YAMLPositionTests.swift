import Expressions
import Foundation
import Rules
import TestSupport
import Testing

/// Places inside scalars of every style, against the text itself.
@Suite struct YAMLPositionTests {
    /// Where `needle` begins in the value of `key`, in the file.
    private func place(of needle: String, in key: String, _ composed: Composed) throws -> SourcePosition {
        let scalar = try #require(composed.scalar(key), "\(composed.diagnostics.rendered())")
        let range = try #require(scalar.text.range(of: needle))
        let offset = scalar.text.unicodeScalars.distance(from: scalar.text.startIndex, to: range.lowerBound)
        return scalar.expression(in: composed.source).location(ofScalar: offset).position
    }

    @Test(arguments: [
        ("a: one two", "two", 1, 8), ("a: &x one two", "two", 1, 11), ("a: é𝕏 two", "two", 1, 7),
        ("a: one\n  two\n  three", "three", 3, 3), ("a: one\n\n\n  two three", "three", 4, 7),
        ("a: 'it''s two'", "two", 1, 11), ("a: 'one\n  two\n\n  three'", "three", 4, 3),
        (#"a: "one \"x\" two""#, "two", 1, 15), (#"a: "\u00e9 \x41 \U0001F600 two""#, "two", 1, 28),
        ("a: \"one \\\n  two\\\n  three\"", "three", 3, 3), ("a: \"one\n\n  two\"", "two", 3, 3),
        ("a: |\n  one\n    two\n  three\n", "three", 4, 3), ("a: |\n  one\n    two\n", "two", 3, 5),
        ("a: |-\n\n  one\n\n  two", "two", 5, 3), ("a: |2+\n    one\n  two\n\n", "one", 2, 5),
        ("a: | # comment\n  one two\n", "two", 2, 7), ("- x\n- y", "", 0, 0), ("a: >\n  one\n  two\n", "two", 3, 3),
        ("a: >\n  one\n\n  two\n    more\n  three\n", "three", 6, 3),
        ("a: >\n  one\n\n  two\n    more\n  three\n", "more", 5, 5),
        ("a: >-\n\n  one\n\n\n  two", "two", 6, 3), ("a: |\r\n  one\r\n  two\r\n", "two", 3, 3),
    ])
    func aWordIsFoundWhereItStands(text: String, needle: String, line: Int, column: Int) throws {
        guard line > 0 else { return }
        #expect(try place(of: needle, in: "a", Composed(text)) == SourcePosition(line: line, column: column))
    }

    /// The reader ends an open last line by itself and counts on.
    @Test(arguments: [
        "a: [b,", "a: {b: c,", "a: [b, &x", "a: \"b", "a: 'b\n  c", "- [", "{", "a: b\nc: [d,", "a: [\n  b,",
    ])
    func aFaultAtTheEndStandsInTheFile(text: String) throws {
        let composed = Composed(text)
        let end = composed.source.end
        let found = composed.diagnostics.all
        #expect(!found.isEmpty)
        for diagnostic in found {
            #expect(diagnostic.position.line <= end.line, "\(diagnostic.rendered())")
        }
    }

    @Test func theEndOfAnExpressionIsBehindItsLastScalar() throws {
        for (text, line, column) in [
            ("a: one", 1, 7), ("a: |\n  one\n  two\n\n", 3, 6), ("a: 'one'", 1, 8), ("a: >\n  one\n", 2, 6),
        ] {
            let composed = Composed(text)
            let source = try #require(composed.scalar("a")).expression(in: composed.source)
            let end = source.location(ofScalar: source.text.unicodeScalars.count)
            #expect(end.position == SourcePosition(line: line, column: column), "\(text)")
        }
    }

    /// Random texts in every style: each scalar of the value stands at its place, unless it was folded or escaped.
    @Test func everyScalarStandsAtItsPlace() throws {
        var random = seededRandom()
        for _ in 0..<400 {
            let words = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                ["a", "bc", "é", "𝕏y", "d==1", "(e)", "f-g"].randomElement(using: &random) ?? "a"
            }
            let text = Self.document(words, &random)
            let composed = Composed(text)
            let scalar = try #require(composed.scalar("key"), "\(text)\n\(composed.diagnostics.rendered())")
            let places = scalar.positions(in: composed.source)
            var isMapped = false
            for (value, place) in zip(scalar.text.unicodeScalars, places) where value != " " && value != "\n" {
                let line = Array((composed.source.line(place.line) ?? "").unicodeScalars)
                let raw = line.indices.contains(place.column - 1) ? line[place.column - 1] : nil
                isMapped = isMapped || place != scalar.start
                #expect(raw == value || raw == "\\", "\(text) at \(place)")
            }
            #expect(isMapped || scalar.text.unicodeScalars.count <= 1, "\(text)")
        }
    }

    private static func document(_ words: [String], _ random: inout SeededRandom) -> String {
        let gap = { (random: inout SeededRandom) in
            [" ", " ", "\n  ", "\n\n  "].randomElement(using: &random) ?? " "
        }
        var body = words[0]
        for word in words.dropFirst() { body += gap(&random) + word }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "x: 1\nkey: \(body)\ny: 2\n"
        case 1: return "x: 1\nkey: '\(body)'\n"
        case 2:
            let escaped = body.unicodeScalars.map { scalar in
                scalar.isASCII && Bool.random(using: &random) && scalar != "\n" && scalar != " "
                    ? "\\x" + String(scalar.value, radix: 16) : String(scalar)
            }
            return "key: \"\(escaped.joined())\"\nz: 1\n"
        case 3: return "key: |\n  \(body)\nz: 1\n"
        default: return "key: >\n  \(body)\n\nz: 1\n"
        }
    }
}
