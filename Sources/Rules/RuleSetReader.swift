import Events
import Expressions

/// Reads `recipients`, `let` and `rules` of a configuration into a rule set.
package struct RuleSetReader {
    let sink: DiagnosticSink
    let values: ValueReader
    let addresses: AddressReader
    let templates: TemplateGrammar
    /// Whether bodies are ever stored: without them no mail can show content.
    let storesBodies: Bool

    package init(
        _ sink: DiagnosticSink, addresses: @escaping AddressReader, templates: TemplateGrammar = .any,
        storesBodies: Bool = true
    ) {
        self.storesBodies = storesBodies
        self.templates = templates
        self.sink = sink
        self.values = ValueReader(sink)
        self.addresses = addresses
    }

    /// Reads the keys of `file` that decide, and reports what is wrong with them.
    ///
    /// - Parameter others: Files that the file includes, in their order; what is wrong with them is reported at their
    ///   own places.
    /// - Returns: the set, or `nil` when a part of it could not be read.
    package func read(_ file: MappingReader, including others: [SourceText] = []) -> RuleSet? {
        let errors = sink.errorCount
        let included = others.map { IncludedFile($0, beside: self) }
        let parts = [(reader: self, file: file)] + included.compactMap(\.part)
        var normal = NormalRules()
        var recipients = RecipientBook()
        var conditions = NamedConditions()
        for (reader, file) in parts {
            file.value("recipients").map { reader.read(recipients: $0, into: &recipients) }
            file.value("let").map { reader.read(conditions: $0, into: &conditions) }
        }
        sink.add(conditions.resolve())
        for recipient in recipients.inOrder { normal.append(recipient) }
        for (name, text) in conditions.texts { normal.append(condition: name, text: text) }
        let drafts = drafts(parts, recipients: recipients, conditions: conditions)
        for draft in drafts.drafts { normal.append(draft) }
        let rules = drafts.drafts.map { $0.rule(conditions) }
        let policies = RulePolicies(parts, of: rules, isIncomplete: drafts.isIncomplete)
        policies.append(to: &normal)
        let mailsThrottle = mailsThrottle(file)
        if let mailsThrottle { normal.append(mailsThrottle: mailsThrottle) }
        for other in included { other.finish(into: sink) }
        guard sink.errorCount == errors else { return nil }
        let text = normal.text
        guard text.utf8.count <= RuleSet.textBytesMax else {
            sink.error(
                at: .fileStart,
                "the rules take more than \(RuleSet.textBytesMax >> 20) MiB as JSON, with every alias written out")
            return nil
        }
        var ruleSet = RuleSet(
            rules: rules, mutes: policies.mutes, inhibitions: policies.inhibitions, mailsThrottle: mailsThrottle,
            environment: conditions.environment, text: text)
        for recipient in recipients.inOrder {
            guard let zone = recipient.zone else { continue }
            for address in recipient.addresses where ruleSet.zones[address] == nil { ruleSet.zones[address] = zone }
        }
        ruleSet.tests = drafts.drafts.flatMap(\.tests)
        return ruleSet
    }

    /// `at_most` of `mail`: the one key of that section that decides. The others are for who sends the mails.
    private func mailsThrottle(_ file: MappingReader) -> Throttle? {
        guard case .mapping(let entries)? = file.value("mail")?.content,
            let entry = entries.first(where: { $0.key == "at_most" }), !entry.value.isNull
        else { return nil }
        return values.throttle(entry.value, "'at_most'")
    }

    // MARK: Rules

    /// The rules of all files, and whether one of them could not be read.
    private func drafts(
        _ parts: [(reader: RuleSetReader, file: MappingReader)], recipients: RecipientBook,
        conditions: NamedConditions
    ) -> (drafts: [RuleDraft], isIncomplete: Bool) {
        let hint = "write at least one: `rules: [{name: failed-calls, when: failed, notify: you@example.com}]`"
        let hasOthers = parts.dropFirst().contains { $0.file.all.contains { $0.key == "rules" } }
        var drafts: [RuleDraft] = []
        var isIncomplete = false
        var places: [String: String] = [:]
        for (reader, file) in parts {
            let isMain = file === parts[0].file && !hasOthers
            guard let node = isMain ? file.required("rules", hint: hint) : file.value("rules") else { continue }
            for item in reader.items(ofRules: node, countMax: RuleSet.rulesMax - drafts.count) {
                guard let rule = MappingReader(item, subject: "a rule", sink: reader.sink, joining: ["digest"]),
                    let draft = reader.draft(rule, recipients: recipients, conditions: conditions)
                else {
                    isIncomplete = true
                    continue
                }
                let line = draft.nameRange.position.line
                let place = reader.sink === sink ? "line \(line)" : "\(reader.sink.source.file):\(line)"
                if let first = places.updateValue(place, forKey: draft.name) {
                    reader.sink.error(
                        at: draft.nameRange, "two rules are named '\(draft.name)'",
                        hint: "give this one another name; the first is in \(first)")
                }
                drafts.append(draft)
            }
        }
        return (drafts, isIncomplete)
    }

    private func items(ofRules node: YAMLNode, countMax: Int) -> ArraySlice<YAMLNode> {
        guard case .sequence(let items) = node.content else {
            if case .reported = node.content { return [] }
            sink.error(
                at: node.range, "'rules' must be a list, not \(node.kind)",
                hint: "begin every rule with `- name: …` in a line of its own"
            )
            return []
        }
        if items.isEmpty { sink.error(at: node.range, "'rules' is an empty list") }
        if items.count > countMax { sink.error(at: node.range, "more than \(RuleSet.rulesMax) rules") }
        return items.prefix(countMax)
    }

    private func draft(
        _ reader: MappingReader, recipients: RecipientBook, conditions: NamedConditions
    ) -> RuleDraft? {
        defer { reader.finish() }
        let nameNode = reader.required("name", hint: "every rule needs a name of its own, as in `name: failed-calls`")
        let name = nameNode.flatMap(name)
        let errors = sink.errorCount
        let condition = reader.value("when").flatMap { compile($0, "'when'", in: conditions, for: .condition) }
        let isConditionBroken = sink.errorCount > errors
        let groupEntry = reader.entry("per")
        let groupFields = groupEntry.map { self.groupFields($0, conditions) } ?? []
        let pace = pace(reader, hasCondition: condition != nil || isConditionBroken, conditions, recipients)
        let notify = reader.required("notify", hint: "say who gets the mail, as in `notify: you@example.com`")
            .map { read(notify: $0, from: recipients) }
        let severity = reader.value("severity").flatMap {
            values.choice($0, "'severity'", of: Severity.allCases.map(\.rawValue))
        }
        let takesRevisions = reader.value("revisions").flatMap { values.flag($0, "'revisions'") } ?? false
        let template = reader.value("template").flatMap(template)
        let content = reader.entry("content").map { self.content($0) } ?? []
        let subject = reader.value("subject").flatMap { self.subject($0, content: content) }
        let attachment = reader.value("attach").flatMap {
            values.choice($0, "'attach'", of: AttachmentFormat.allCases.map(\.rawValue))
        }
        let tests = reader.value("tests")
        guard let nameNode, let name else { return nil }
        if !pace.isBounded, !isConditionBroken, condition.map({ $0.text == "true" }) ?? true {
            sink.warning(
                at: nameNode.range, "the rule '\(name)' sends a mail for every event",
                hint: "add `when:` to choose events, or `at_most: 1 per 15m` to bound the mails"
            )
        }
        if let groupEntry, !pace.isBounded {
            sink.warning(
                at: groupEntry.keyRange, "'per' has no effect on a rule that sends a mail for every match",
                hint: "add a window or `at_most: 1 per 15m`, which count for each group, or remove 'per'")
        }
        return RuleDraft(
            name: name, nameRange: nameNode.range, condition: condition, notify: notify ?? .nobody,
            severity: severity.flatMap(Severity.init(rawValue:)) ?? .medium, groupFields: groupFields, pace: pace,
            takesRevisions: takesRevisions, template: template, subject: subject, content: content,
            attachment: attachment.flatMap(AttachmentFormat.init(rawValue:)),
            tests: tests.map { testReader(name, pace, groupFields).read($0) } ?? []
        )
    }

    private func testReader(_ rule: String, _ pace: RulePace, _ groups: [GroupField]) -> RuleTestReader {
        RuleTestReader(sink: sink, rule: rule, hasGroups: !groups.isEmpty, hasThrottle: pace.throttle != nil)
    }

    private func name(_ node: YAMLNode) -> String? {
        guard let name = values.text(node, "'name'", bytesMax: Rule.nameBytesMax) else { return nil }
        guard !name.utf8.starts(with: "(".utf8) else {
            sink.error(
                at: node.range, "a rule's name cannot begin with a parenthesis",
                hint: "such names are kept for what Hookmail itself sends, as \(Engine.quietRule)")
            return nil
        }
        return name
    }

    // MARK: Conditions

    /// Compiles an expression, with its findings in the file's own places.
    ///
    /// - Parameter name: What is read, for messages: `'when'`.
    func compile(
        _ node: YAMLNode, _ name: String, in conditions: NamedConditions, for purpose: Program.Purpose
    ) -> Program? {
        expression(node, name).flatMap { compile($0, node, in: conditions, for: purpose) }
    }

    /// Compiles the expression that stands in a scalar, or in a part of it.
    func compile(
        _ source: ExpressionSource, _ node: YAMLNode, in conditions: NamedConditions, for purpose: Program.Purpose
    ) -> Program? {
        do {
            let program = try Program.compile(source, in: conditions.environment, for: purpose)
            sink.add(program.warnings)
            return program
        } catch {
            sink.add(error.all.map { hinted($0, node, source) })
            return nil
        }
    }

    /// Adds why a quoted text may have lost its end: YAML takes ` #` inside a plain value as a comment.
    private func hinted(_ diagnostic: Diagnostic, _ node: YAMLNode, _ source: ExpressionSource) -> Diagnostic {
        guard case .scalar(let scalar) = node.content, scalar.style == .plain,
            source.text.utf8.count(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }) % 2 == 1,
            let end = scalar.positions(in: sink.source).last
        else { return diagnostic }
        let rest = sink.source.scalars(ofLine: end.line).dropFirst(end.column - 1).drop { $0 == " " }
        guard rest.first == "#" else { return diagnostic }
        var hinted = diagnostic
        hinted.hint = "YAML takes ' #' as the beginning of a comment; \(DiagnosticSink.blockHint)"
        return hinted
    }

    /// The expression in a scalar, or `nil` after a report. Truth values and numbers of YAML are no expressions.
    func expression(_ node: YAMLNode, _ name: String) -> ExpressionSource? {
        guard case .scalar(let scalar) = node.content else {
            if case .reported = node.content { return nil }
            sink.error(
                at: node.range, "\(name) must be an expression, not \(node.kind)", hint: DiagnosticSink.blockHint
            )
            return nil
        }
        guard scalar.resolved == .text else {
            sink.error(
                at: node.range, "\(name) must be an expression over the event, not \(node.kind)",
                hint: "write a condition such as `failed` or `cost > 0.5`; leave it out to take every event"
            )
            return nil
        }
        let source = scalar.expression(in: sink.source)
        guard !source.text.isEmpty else {
            sink.error(at: node.range, "\(name) is empty")
            return nil
        }
        if let offset = source.text.unicodeScalars.firstIndex(where: Self.isUnseen) {
            let count = source.text.unicodeScalars.distance(from: source.text.unicodeScalars.startIndex, to: offset)
            sink.error(
                at: scalar.range(ofScalar: count, length: 1, in: sink.source),
                "an expression cannot hold a control character", hint: "write it as an escape such as \\u0007"
            )
            return nil
        }
        return source
    }

    /// Characters that nobody sees and that YAML and terminals take for line ends or signs of their own.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x2028, 0x2029, 0xFEFF: true
        default: scalar.properties.generalCategory == .control
        }
    }

    private func read(conditions node: YAMLNode, into conditions: inout NamedConditions) {
        guard let reader = MappingReader(node, subject: "'let'", sink: sink) else { return }
        if reader.all.count > RuleSet.namesMax {
            sink.error(at: node.range, "'let' names more than \(RuleSet.namesMax) conditions")
        }
        for entry in reader.all.prefix(RuleSet.namesMax) {
            guard !entry.value.isNull else {
                sink.error(at: entry.keyRange, "'\(entry.key)' is empty", hint: "give it an expression")
                continue
            }
            guard let source = expression(entry.value, "'\(entry.key)'") else { continue }
            conditions.add(entry.key, source)
        }
    }
}
