import Expressions

/// `inhibit`: alerts that explain those of other rules.
extension RuleSetReader {
    /// An inhibition and where it stands, for circles.
    struct PlacedInhibition {
        let inhibition: Inhibition
        let range: SourceRange
        let sink: DiagnosticSink
    }

    /// Reads one entry or a list of them.
    func inhibitions(_ node: YAMLNode, of rules: RuleBook) -> [PlacedInhibition] {
        values.items(node, "'inhibit'", countMax: Self.policiesMax).compactMap { inhibition($0, of: rules) }
    }

    private func inhibition(_ item: YAMLNode, of rules: RuleBook) -> PlacedInhibition? {
        guard let reader = MappingReader(item, subject: "an entry of 'inhibit'", sink: sink) else { return nil }
        defer { reader.finish() }
        let cause = reader.required(
            "when", hint: "name the rule whose alert explains the others, as in `when: provider-trouble`"
        ).flatMap { source($0, of: rules) }
        let mutedNode = reader.required(
            "mutes", hint: "name the rules that stay quiet, as in `mutes: [failed-calls]`")
        let muted = mutedNode.map { ruleNames($0, "'mutes'", of: rules, without: cause?.name) }
        let same = reader.value("same").map { fields($0, of: cause) } ?? []
        guard let cause, let muted, let mutedNode, !muted.isEmpty else { return nil }
        guard !muted.contains(cause.name) else {
            sink.error(
                at: mutedNode.range, "the rule '\(cause.name)' would mute itself",
                hint: "name other rules under 'mutes'")
            return nil
        }
        for name in muted { warn(ofFieldsIn: same, withoutWhich: rules.rules[name], at: mutedNode.range) }
        return PlacedInhibition(
            inhibition: Inhibition(source: cause.name, mutes: Set(muted), same: same), range: mutedNode.range,
            sink: sink)
    }

    /// Warns of a rule whose alert is one for all values of a field of `same`: what is compared is then the value in
    /// the event that happens to stand behind a mail, and behind a reminder or an end there is none. A rule without
    /// window and one of `first_seen` tell single events, which have their values.
    private func warn(ofFieldsIn same: [String], withoutWhich rule: Rule?, at range: SourceRange) {
        guard let rule, let window = rule.window else { return }
        if case .firstSeen = window.measure { return }
        let known = rule.groupFields.map(\.name)
        for field in same where !known.contains(field) {
            sink.warning(
                at: range,
                "the rule '\(rule.name)' has no '\(field)' in 'per', so its alert stands for every value of it",
                hint: "add it to 'per' of '\(rule.name)', or take it out of 'same'")
        }
    }

    private func source(_ node: YAMLNode, of rules: RuleBook) -> Rule? {
        guard let scalar = values.scalar(node, "'when'") else { return nil }
        guard let rule = rules.rules[scalar.text] else {
            report(unknownRule: scalar.text, RuleNamePattern(""), at: node.range, among: rules)
            return nil
        }
        if let window = rule.window {
            if case .firstSeen = window.measure {} else { return rule }
        }
        sink.error(
            at: node.range, "the rule '\(rule.name)' has no alert that lasts, so it cannot mute others",
            hint: "give it a window such as `\(WindowKind.count.example)`")
        return nil
    }

    /// Reads `same`: names of fields that the source has in `per`.
    private func fields(_ node: YAMLNode, of source: Rule?) -> [String] {
        var fields: [String] = []
        for item in values.items(node, "'same'", countMax: GroupField.countMax) {
            guard let scalar = values.scalar(item, "a field of 'same'") else { continue }
            guard let source else { continue }
            let known = source.groupFields.map(\.name)
            if fields.contains(scalar.text) {
                sink.error(at: item.range, "'same' names '\(scalar.text)' twice")
            } else if known.contains(scalar.text) {
                fields.append(scalar.text)
            } else {
                let nearest = Suggestion.nearest(to: scalar.text, among: known).map { "did you mean '\($0)'?" }
                sink.error(
                    at: item.range, "the rule '\(source.name)' has no '\(scalar.text)' in 'per'",
                    hint: nearest ?? "add it to 'per' of '\(source.name)', so that its alerts know their value")
            }
        }
        return fields
    }

    /// Reports rules that mute each other in a circle: each would wait for the other.
    static func reportCircles(_ inhibitions: [PlacedInhibition]) {
        var muted: [String: Set<String>] = [:]
        for placed in inhibitions {
            let inhibition = placed.inhibition
            muted[inhibition.source, default: []].formUnion(inhibition.mutes)
            guard let back = path(from: inhibition.mutes, to: inhibition.source, muted) else { continue }
            let circle = ([inhibition.source] + back).map { "'\($0)'" }.joined(separator: " mutes ")
            placed.sink.error(
                at: placed.range, "the rules mute each other: \(circle)",
                hint: "leave the one way in which the cause mutes its effects")
        }
    }

    /// The shortest way along who mutes whom, or `nil`.
    private static func path(
        from starts: Set<String>, to end: String, _ muted: [String: Set<String>]
    ) -> [String]? {
        var before: [String: String] = [:]
        var waiting = starts.sorted()
        var seen = starts
        var next = 0
        while next < waiting.count {
            let rule = waiting[next]
            next += 1
            if rule == end {
                var path = [rule]
                while let last = path.last, let previous = before[last] { path.append(previous) }
                return path.reversed()
            }
            for other in (muted[rule] ?? []).sorted() where seen.insert(other).inserted {
                before[other] = rule
                waiting.append(other)
            }
        }
        return nil
    }
}
