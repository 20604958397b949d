import Events
import Expressions
import Rules

/// Everything a rule set holds, down to the last member, so that two sets can be compared; of expressions the text.
enum Mirrored {
    /// The parts that decide; the environment and the text itself are compared by those who need to.
    static func text(of ruleSet: RuleSet) -> String {
        describe(ruleSet.rules) + describe(ruleSet.mutes) + describe(ruleSet.inhibitions)
            + describe(ruleSet.mailsThrottle as Any)
    }

    private static func describe(_ value: Any) -> String {
        if let program = value as? Program { return "‹\(program.text)›" }
        if let zone = value as? CivilZone { return zone.name }
        if let names = value as? Set<String> { return "\(names.sorted())" }
        let mirror = Mirror(reflecting: value)
        if mirror.children.isEmpty { return "\(value)" }
        let members = mirror.children.map { "\($0.label ?? "")=\(describe($0.value))" }
        return "\(mirror.subjectType)(\(members.joined(separator: ", ")))"
    }
}
