import Events
import Expressions

/// Which rules a condition of a silence covers, as far as that can be said without an event.
package struct SilenceReach: Sendable, Equatable {
    /// Rules whose mails it holds back whatever the event.
    package var always: [String] = []
    /// Rules whose mails it holds back where event or group are such.
    package var sometimes: [String] = []

    /// Whether it covers nothing.
    package var isEmpty: Bool { always.isEmpty && sometimes.isEmpty }

    /// Reckons with `rule` and `severity` alone: all else is undecided, and CEL's `&&` and `||` say what follows all
    /// the same.
    package init(of condition: String, over rules: [Rule]) {
        guard let program = Self.compile(condition) else { return }
        for rule in rules {
            let activation = Self.activation(rule.name, rule.severity)
            switch program.verdict(for: activation) {
            case .yes: always.append(rule.name)
            case .no: break
            case .absent, .fault: sometimes.append(rule.name)
            }
        }
    }

    /// The condition where nothing is known of an event but what a rule and a group say of it; `nil` where it is none.
    /// Facts are no missing ones there: what asks for one is undecided.
    static func compile(_ condition: String) -> Program? {
        let environment = Environment(
            variables: ["rule", "severity", "group"] + Fact.allCases.map(\.name), isChecked: false)
        return try? Program.compile(ExpressionSource(text: condition, file: "silence"), in: environment)
    }

    /// What such a condition is asked about.
    ///
    /// - Parameter group: The names and values of a group, whose facts they are; `nil` where nothing is known of it.
    static func activation(
        _ rule: String, _ severity: Severity, group: [(name: String, value: String)]? = nil
    ) -> Activation {
        let subject = SilenceSubject(rule: rule, severity: severity, group: group ?? [], event: nil)
        var bindings: [String: Value] = ["rule": .string(rule), "severity": .string(severity.rawValue)]
        if group != nil {
            bindings["group"] = Value(event: .object(subject.groupObject))
            for fact in subject.factObject.members where fact.key != "metadata" {
                bindings[fact.key] = Value(event: fact.value)
            }
        }
        return Activation(bindings: bindings)
    }

    /// The name of a rule that a quoted text of the condition was likely meant to be, or `nil`.
    package static func misspelt(in condition: String, among rules: [Rule]) -> (text: String, rule: String)? {
        let names = rules.map(\.name)
        let known = Set(names + Severity.allCases.map(\.rawValue))
        for quote in [Character("\""), Character("'")] {
            for (index, part) in condition.split(separator: quote, omittingEmptySubsequences: false).enumerated()
            where index % 2 == 1 && !known.contains(String(part)) {
                if let near = Suggestion.nearest(to: String(part), among: names) { return (String(part), near) }
            }
        }
        return nil
    }
}
