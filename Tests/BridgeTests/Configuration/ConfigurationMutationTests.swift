import Bridge
import Expressions
import Foundation
import Rules
import TestSupport
import Testing

/// Files that nobody would write: none may stop the process, and every finding stands inside its file.
@Suite struct ConfigurationMutationTests {
    private static let pieces = [
        "\n", "\n\n", "  ", "\t", ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "\"", "'", "|", ">", "#", " #", "&a ",
        "*a", "!", "!!x ",
        "%", "@", "`", "---\n", "...\n", "\r", "\u{85}", "\u{2028}", "\u{0}", "\u{FEFF}", "é", "𝕏", "e\u{301}", "\\",
        "\\x4", "\\\n", "<<: ",
        "when: ", "let: ", "rules:\n", "name: r\n", "null", "true", "0x", "1e999", "99999999999999999999", "|2-", ">+",
        "~",
    ]

    @Test(.timeLimit(.minutes(5))) func noFileStopsTheProcess() {
        let given = ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("noFileStopsTheProcess(): HOOKMAIL_TEST_SEED=\(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_500 {
            var scalars = Array(ConfigurationStarter.text.unicodeScalars)
            for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutate(&scalars, &random) }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let outcome = Surroundings().load(String(view))
            let lines = SourceText(file: "", text: String(view)).end.line
            for diagnostic in outcome.diagnostics.all {
                let position = diagnostic.position
                #expect(
                    (1...lines).contains(position.line) && position.column >= 1 && diagnostic.length >= 1,
                    "of \(lines) lines: \(position) \(diagnostic.rendered())")
                #expect(!diagnostic.rendered().isEmpty)
            }
            #expect(outcome.configuration != nil || outcome.diagnostics.hasErrors)
        }
    }

    private static func mutate(_ scalars: inout [Unicode.Scalar], _ random: inout SeededRandom) {
        let place = Int.random(in: 0..<scalars.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            scalars.remove(at: place)
        case 1:
            let end = min(scalars.count, place + Int.random(in: 1...60, using: &random))
            let part = scalars[place..<end]
            scalars.insert(contentsOf: part, at: Int.random(in: 0...scalars.count, using: &random))
        case 2:
            scalars.removeSubrange(place..<min(scalars.count, place + Int.random(in: 1...40, using: &random)))
        default:
            let piece = pieces.randomElement(using: &random) ?? "\n"
            scalars.insert(contentsOf: piece.unicodeScalars, at: place)
        }
    }
}
