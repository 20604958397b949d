import ArgumentParser
import Expressions

/// A word of the command line in the place of a command that there is not, and what was likely meant.
struct UnknownCommand {
    /// What is wrong.
    let message: String
    /// What to write instead.
    let hint: String

    /// Words that people try, by the command that does it.
    private static let otherWords = [
        "run": "serve", "start": "serve", "server": "serve", "validate": "check", "lint": "check", "logs": "events",
        "suppressions": "suppressed", "mute": "silences", "send": "send-test", "replay": "backtest", "why": "explain",
        "reload-config": "reload", "ls": "list", "rm": "remove", "delete": "remove", "get": "show", "cat": "show",
    ]

    /// The longest line of corrected words that is shown, in bytes.
    private static let lineBytesMax = 200

    /// `nil` when every word that must be a command is one.
    ///
    /// - Parameter arguments: The command line, the program's name first.
    init?(_ arguments: [String]) {
        var command: any ParsableCommand.Type = Hookmail.self
        var path = ["hookmail"]
        for (index, word) in arguments.enumerated().dropFirst() {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !word.hasPrefix("-") else { return nil }
            if let next = known.first(where: { $0._commandName == word }) {
                command = next
                path.append(word)
                continue
            }
            let names = known.map { $0._commandName }
            guard word != "help" || path.count > 1 else { return nil }
            let shown = FactTable.plain(word, scalarsMax: 40)
            message =
                path.count == 1
                ? "There is no command '\(shown)'."
                : "`\(path.joined(separator: " "))` has no command '\(shown)'; it has \(names.joined(separator: ", "))."
            let meant = Self.otherWords[word].flatMap { names.contains($0) ? $0 : nil }
            let near = meant ?? Suggestion.nearest(to: word, among: names)
            if Int64(word) != nil, names.contains("show") {
                hint = "did you mean `\((path + ["show", word]).joined(separator: " "))`?"
            } else if let near {
                hint = "did you mean `\(Self.line(path + [near], arguments[(index + 1)...]))`?"
            } else {
                hint = "`\(path.joined(separator: " ")) --help` says what there is."
            }
            return
        }
        return nil
    }

    /// The corrected line with the words that followed, where they can be shown as they are.
    private static func line(_ start: [String], _ rest: ArraySlice<String>) -> String {
        let isPlain = rest.allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x3D, 0x40, 0x5F: true
                    default: false
                    }
                }
        }
        let whole = (start + rest).joined(separator: " ")
        return isPlain && whole.utf8.count <= lineBytesMax ? whole : start.joined(separator: " ") + " …"
    }
}
