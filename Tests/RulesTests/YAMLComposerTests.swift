import Expressions
import Rules
import Testing

@Suite struct YAMLComposerTests {
    /// The laughs: every level holds the one before nine times.
    private static func laughs(asKeys: Bool) -> String {
        var text = asKeys ? "l0: &l0 [lol]\n" : "l0: &l0 lol\n"
        for level in 1...9 {
            let items = (0..<9).map { _ in "*l\(level - 1)" }.joined(separator: ", ")
            text += "l\(level): &l\(level) [\(items)]\n"
        }
        return asKeys ? text + "? *l9\n: laughing\n" : text
    }

    @Test(arguments: [false, true]) func aliasesDoNotUnfoldWithoutEnd(asKeys: Bool) {
        let text = Self.laughs(asKeys: asKeys)
        var composed: Composed?
        let time = workTime { composed = Composed(text) }
        #expect(composed?.root == nil && composed?.messages.count == 1)
        // An optimised build takes about 40 ms; this bound holds without optimisation.
        #expect(time < .seconds(1))
    }

    @Test func aliasesOfKeysInEveryFormAreFound() {
        let aliases = (0..<10).map { _ in "*a" }.joined(separator: ", ")
        let start = "a: &a x\nb: [\(aliases)]\n"
        for line in ["*a : 1", "{*a : 1}: 2", "[*a]: 1", "? [*a]\n: 1", "?\n  [*a]\n: 1", "c: {? *a : 1}"] {
            let composed = Composed(start + line + "\n")
            #expect(composed.messages == ["a key that is a collection or an alias is not supported"], "\(line)")
        }
        #expect(Composed(start + "c: x *a ? [b] : c\n").diagnostics.hasErrors)
        #expect(Composed("a: |\n  cost *a > 1 ? [b] : c\n").messages == [])
    }

    @Test func manyAliasesOfALongTextAreTooMuch() {
        let text =
            "a: &a \(String(repeating: "x", count: 100_000))\nb: [*a\(String(repeating: ", *a", count: 99))]"
        #expect(Composed(text).root == nil)
    }

    @Test func ordinaryAliasesStandForTheirAnchor() {
        let composed = Composed("a: &when failed\nb: *when\nc: [*when, &x 1, *x]\n")
        #expect(composed.messages == [] && composed.scalar("b")?.text == "failed")
        #expect(composed.scalar("b")?.start == SourcePosition(line: 1, column: 10))
    }

    @Test func nestingIsBounded() {
        #expect(Composed(String(repeating: "[", count: 63) + String(repeating: "]", count: 63)).messages == [])
        #expect(Composed(String(repeating: "[", count: 70) + String(repeating: "]", count: 70)).root == nil)
        for count in [500, 5_000, 50_000] {
            for opening in ["[", "{", "{a: ", "- ", "? ", "a: [", "[[*a, "] {
                #expect(Composed(String(repeating: opening, count: count)).diagnostics.hasErrors, "\(opening)")
            }
        }
    }

    @Test func tooManyPartsAreRefused() {
        let text = "a: [" + String(repeating: "1,", count: 133_400) + "]"
        let most = YAMLComposer.partsMax + text.utf8.count / YAMLComposer.bytesPerPart
        let message = "the file unfolds to more than \(most) parts"
        let composed = Composed(text)
        #expect(composed.messages.first?.hasPrefix(message) == true)
        #expect(composed.diagnostics.all.first?.sourceLine == nil, "a line of a megabyte is not shown")
    }

    @Test func everyRepeatedKeyIsReportedAndTheRestIsRead() {
        let composed = Composed(
            """
            a: 1
            "b": 2
            a: 3
            list:
              - x: 1
                y: {k: 1, k : 2, "k": 3}
                x: 2
              - x: 1
            b: 4
            """
        )
        let places = composed.diagnostics.all.map(\.position)
        let expected = [(3, 1), (6, 15), (6, 22), (7, 5), (9, 1)].map { SourcePosition(line: $0, column: $1) }
        #expect(places == expected, "\(composed.diagnostics.rendered())")
        #expect(composed.entries.map(\.key) == ["a", "b", "list"])
    }

    @Test func tagsAreRefused() {
        for text in ["a: !!str 1", "a: !x y", "!!map {a: 1}", "a: &b !x y", "a: !!seq [1]", "!x a: 1", "a: !<tag:x> 1"]
        {
            #expect(Composed(text + "\n").messages == ["tags are not supported"], "\(text)")
        }
    }

    @Test func anExclamationMarkBeforeAConditionIsUnderstood() {
        let composed = Composed("rules:\n  - when: !failed or slow\n")
        #expect(
            composed.diagnostics.rendered() == """
                test.yaml:2:11: error: YAML takes a '!' at the beginning as a tag, not as a part of the expression
                  - when: !failed or slow
                          ^^^^^^^
                hint: write `when: not failed or slow`, or `when: |` and `!failed or slow` on the next line, indented
                """
        )
        #expect(Composed("let:\n  x: !failed\n").messages == composed.messages)
        #expect(Composed("rules: [{when: !failed}]\n").messages == composed.messages)
        #expect(Composed("let: {x: !failed}\n").messages == ["tags are not supported"])
    }

    @Test(arguments: [
        "a: b: c", "a: [1", "a: {b", "a: \"b", "a: 'b", "a:\n\tb: 1", "a: @b", "a: `b", "a: %b", "- a\nb: 1",
        "a: *b", "a: |x", "a: >5\n b", "a: \"\\q\"", "a: \"\\ud800\"", "a: 1\n---\nb: 2", "a: \u{1}",
        "%YAML 3.0\n---\na: 1",
        "a: 1\n b: 2", "[a]]", "a: &", "*", "a: \u{0}", "{a: 1}}", "\u{FFFE}",
    ])
    func whatIsNotYAMLIsOneFinding(text: String) {
        let composed = Composed(text)
        #expect(composed.diagnostics.all.count == 1, "\(composed.diagnostics.rendered())")
        #expect(composed.root == nil)
    }

    @Test func emptyFilesHaveNoRoot() {
        for text in ["", "# only a comment\n", "\n\n", "\u{FEFF}"] {
            #expect(Composed(text).root == nil && Composed(text).messages == [], "\(text)")
        }
    }

    @Test func aByteOrderMarkAndCarriageReturnsMoveNothing() {
        let composed = Composed("\u{FEFF}a: 1\r\nb: x\r\n")
        #expect(
            composed.entries.map(\.keyRange.position) == [
                SourcePosition(line: 1, column: 1), SourcePosition(line: 2, column: 1),
            ])
        #expect(composed.scalar("b")?.start == SourcePosition(line: 2, column: 4))
        #expect(composed.source.line(2) == "b: x")
    }

    @Test func keysMustBeTexts() {
        #expect(Composed("[a]: 1\nb: 2\n").messages == ["a key must be a text, not a list"])
        #expect(Composed("{a: 1}: 1\n").messages == ["a key must be a text, not a mapping"])
    }
}
