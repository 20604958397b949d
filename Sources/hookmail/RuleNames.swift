import ArgumentParser
import Bridge
import Expressions
import Rules

/// Names of rules on the command line.
enum RuleNames {
    /// Offers the names of the rules in the configuration that `--config` names on the line so far, or that is found.
    /// A file with faults offers none: a completion says nothing. Nor are names offered that hold more than letters,
    /// digits, `-`, `_` and `.`: bash's `compgen -W` runs what a word says in `$(…)`, and the file in the current
    /// folder may be a stranger's.
    static let completion = CompletionKind.custom { words, _, _ in
        let option = words.firstIndex(of: "--config").map { words.index(after: $0) }
        let named = option.flatMap { words.indices.contains($0) ? words[$0] : nil }
        guard let path = named ?? ConfigurationOption.defaultPaths.first(where: OutputFile.exists),
            let loaded = try? Configuration.loadWithoutSecrets(path: path)
        else { return [] }
        return loaded.configuration.ruleSet.rules.map(\.name).filter { $0.utf8.allSatisfy(isHarmless) }
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    /// Throws an exit code, after saying so, for the first name that no rule has.
    static func check(_ names: [String], in ruleSet: RuleSet) throws {
        for name in names where !ruleSet.rules.contains(where: { $0.name == name }) {
            throw complain(of: name, among: ruleSet.rules.map(\.name))
        }
    }

    /// Says that there is no such rule, and what there is.
    static func complain(of name: String, among names: [String]) -> ExitCode {
        let hint =
            Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
            ?? "`hookmail rules list` shows which there are."
        Terminal.err("There is no rule \(name).\nhint: \(hint)")
        return .usage
    }
}
