import Expressions

/// `mute`: calendars during which rules send nothing.
extension RuleSetReader {
    /// The most entries under `mute` and under `inhibit`.
    static let policiesMax = 1_000

    /// Reads one entry or a list of them.
    func mutes(_ node: YAMLNode, of rules: RuleBook) -> [Mute] {
        values.items(node, "'mute'", countMax: Self.policiesMax).compactMap { mute($0, of: rules) }
    }

    private func mute(_ item: YAMLNode, of rules: RuleBook) -> Mute? {
        guard let reader = MappingReader(item, subject: "an entry of 'mute'", sink: sink, joining: ["during"])
        else { return nil }
        defer { reader.finish() }
        let names = reader.required("rules", hint: "say which, as in `rules: [slow*]`")
            .map { ruleNames($0, "'rules'", of: rules) }
        let duringNode = reader.required("during", hint: "say when, as in `during: \"sat,sun 00:00-24:00 UTC\"`")
        let during = duringNode.flatMap { values.timeSpans($0, "'during'") }
        if let duringNode, let during, Self.coversAlways(during) {
            sink.warning(
                at: duringNode.range, "these hours never end, so that the rules never send anything",
                hint: "remove the rules instead")
        }
        guard let names, let during, !names.isEmpty else { return nil }
        return Mute(rules: Set(names), during: during)
    }

    /// Names of rules, patterns resolved, each once in the order of the rules' file; nothing after a report.
    ///
    /// - Parameter excluded: A rule that patterns do not mean.
    func ruleNames(
        _ node: YAMLNode, _ name: String, of rules: RuleBook, without excluded: String? = nil
    ) -> [String] {
        var found: Set<String> = []
        for item in values.items(node, name, countMax: RuleSet.rulesMax) {
            guard let scalar = values.scalar(item, "the name of a rule") else { continue }
            let pattern = RuleNamePattern(scalar.text)
            let matching = rules.names.filter { pattern.matches($0) && !(pattern.isPattern && $0 == excluded) }
            found.formUnion(matching)
            if matching.isEmpty { report(unknownRule: scalar.text, pattern, at: item.range, among: rules) }
        }
        return rules.names.filter(found.contains)
    }

    /// Says that there is no such rule, unless the rule is there and faulty.
    func report(unknownRule name: String, _ pattern: RuleNamePattern, at range: SourceRange, among rules: RuleBook) {
        guard !rules.isIncomplete else { return }
        if pattern.isPattern {
            sink.error(at: range, "no rule is called '\(name)'", hint: "`*` stands for any characters of a name")
            return
        }
        let nearest = Suggestion.nearest(to: name, among: rules.names).map { "did you mean '\($0)'?" }
        sink.error(
            at: range, "there is no rule '\(name)'",
            hint: nearest
                ?? (rules.names.isEmpty ? nil : "there is \(MappingReader.list(Array(rules.names.prefix(8))))"))
    }
}

/// The rules of a file and of those it includes, by name.
struct RuleBook {
    /// In the order of the rules.
    private(set) var names: [String] = []
    private(set) var rules: [String: Rule] = [:]
    /// Whether a rule could not be read, so that a name may be missing that is in the file.
    var isIncomplete = false

    /// Takes a rule; of two with one name the first counts.
    mutating func add(_ rule: Rule) {
        guard rules[rule.name] == nil else { return }
        names.append(rule.name)
        rules[rule.name] = rule
    }
}
