import Events
import Expressions

/// A rule as it was read, with everything its normal text needs.
struct RuleDraft {
    let name: String
    let nameRange: SourceRange
    let condition: Program?
    let notify: Audience
    let severity: Severity
    let groupFields: [GroupField]
    let pace: RulePace
    let takesRevisions: Bool
    let template: String?
    let subject: String?
    let content: [ContentPath]
    let attachment: AttachmentFormat?
    /// What is to be tried with the rule; it decides nothing.
    let tests: [RuleTest]

    /// The rule as the engine takes it.
    func rule(_ conditions: NamedConditions) -> Rule {
        Rule(
            name: name, condition: condition, audience: notify.recipients, severity: severity,
            throttle: pace.throttle, groupFields: groupFields, window: pace.window, digest: pace.digest,
            takesRevisions: takesRevisions, template: template, subject: subject, content: content,
            attachment: attachment, stateHash: stateHash(conditions)
        )
    }

    /// The hash over what the rule's state depends on; not over who is told of it, how loudly and how often again.
    private func stateHash(_ conditions: NamedConditions) -> String {
        var state = JSONObject()
        state["name"] = .string(name)
        state["when"] = condition.map { .string($0.text) }
        let texts = [condition?.text ?? ""] + groupFields.map(\.name) + (pace.window?.expressions ?? [])
        let used = conditions.used(by: texts.joined(separator: " "))
        if !used.isEmpty { state["let"] = .array(used.flatMap { [.string($0.name), .string($0.text)] }) }
        state["at_most"] = pace.throttle.map { .string($0.text) }
        appendGroups(to: &state)
        if let window = pace.window {
            state[window.kind.rawValue] = .object(window.normal)
            for (key, value) in window.deciding.members { state[key] = value }
        }
        state["digest"] = pace.digest.map { .string($0.text) }
        if takesRevisions { state["revisions"] = .bool(true) }
        return String(Hash.sha256Hex(JSONValue.object(state).encoded()).prefix(32))
    }

    /// The rule in the keys of the file, what has its default left out.
    var normal: JSONValue {
        var object = JSONObject()
        object["name"] = .string(name)
        object["when"] = condition.map { .string($0.text) }
        appendGroups(to: &object)
        if let window = pace.window {
            object[window.kind.rawValue] = .object(window.normal)
            let beside = window.deciding.members + window.telling(hasDigest: pace.digest != nil).members
            for (key, value) in beside { object[key] = value }
        }
        object["notify"] = .array(notify.names.map { .string($0) })
        object["at_most"] = pace.throttle.map { .string($0.text) }
        object["digest"] = pace.digest.map { .string($0.text) }
        if takesRevisions { object["revisions"] = .bool(true) }
        if severity != .medium { object["severity"] = .string(severity.rawValue) }
        object["template"] = template.map { .string($0) }
        object["subject"] = subject.map { .string($0) }
        if !content.isEmpty { object["content"] = .array(content.map { .string($0.name) }) }
        object["attach"] = attachment.map { .string($0.rawValue) }
        return .object(object)
    }

    private func appendGroups(to object: inout JSONObject) {
        if !groupFields.isEmpty { object["per"] = .array(groupFields.map { .string($0.name) }) }
    }
}

/// Collects what decides into the one text of a rule set.
struct NormalRules {
    private var recipients = JSONObject()
    private var conditions = JSONObject()
    private var rules: [JSONValue] = []

    private var mails = JSONObject()
    private var mutes: [JSONValue] = []
    private var inhibitions: [JSONValue] = []

    /// Takes a named recipient.
    mutating func append(_ recipient: Recipient) {
        var object = JSONObject()
        object["to"] = .array(recipient.addresses.map { .string($0) })
        if let quiet = recipient.quiet { object["quiet"] = .array(quiet.texts.map { .string($0) }) }
        object["at_most"] = recipient.throttle.map { .string($0.text) }
        recipients[recipient.name] = .object(object)
    }

    /// Takes `at_most` of all mails.
    mutating func append(mailsThrottle: Throttle) {
        mails["at_most"] = .string(mailsThrottle.text)
    }

    /// Takes a named condition.
    mutating func append(condition name: String, text: String) {
        conditions[name] = .string(text)
    }

    /// Takes a rule; their order is that of decisions.
    mutating func append(_ draft: RuleDraft) {
        rules.append(draft.normal)
    }

    /// Takes a calendar, with the rules it is for in their order.
    mutating func append(mute rules: [String], _ during: TimeSpans) {
        mutes.append(
            .object(
                JSONObject([
                    ("rules", .array(rules.map { .string($0) })),
                    ("during", .array(during.texts.map { .string($0) })),
                ])))
    }

    /// Takes an inhibition, with the rules it mutes in their order.
    mutating func append(_ inhibition: Inhibition, mutes rules: [String]) {
        var object = JSONObject()
        object["when"] = .string(inhibition.source)
        object["mutes"] = .array(rules.map { .string($0) })
        if !inhibition.same.isEmpty { object["same"] = .array(inhibition.same.map { .string($0) }) }
        inhibitions.append(.object(object))
    }

    /// One line of JSON.
    var text: String {
        var object = JSONObject()
        if !recipients.isEmpty { object["recipients"] = .object(recipients) }
        if !conditions.isEmpty { object["let"] = .object(conditions) }
        if !mails.isEmpty { object["mail"] = .object(mails) }
        object["rules"] = .array(rules)
        if !mutes.isEmpty { object["mute"] = .array(mutes) }
        if !inhibitions.isEmpty { object["inhibit"] = .array(inhibitions) }
        return String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
    }
}

/// The conditions under `let:` in the order of the file.
struct NamedConditions {
    private(set) var environment = Environment()
    /// The names and texts, in the order of the files.
    var texts: [(name: String, text: String)] { sources.map { ($0.name, $0.source.text) } }
    private var sources: [(name: String, source: ExpressionSource)] = []

    /// Takes a condition that `resolve` will make known.
    mutating func add(_ name: String, _ source: ExpressionSource) {
        sources.append((name, source))
    }

    /// Makes the names known to expressions; they may refer to each other in any order.
    ///
    /// Where some are faulty the others are known all the same, and a stand-in takes the place of each faulty one, so
    /// that rules are not blamed for it.
    /// - Returns: everything that is wrong with them.
    mutating func resolve() -> [Diagnostic] {
        do {
            try environment.define(sources)
            return []
        } catch {
            for (name, _) in sources {
                let standIn = ExpressionSource(text: "failed", file: "")
                _ = try? environment.define(name, as: standIn)
            }
            return error.all
        }
    }

    /// The named conditions that a text mentions, directly or through others, in the order of the file. Words inside
    /// quotes count as well: at worst a rule starts anew that need not have.
    func used(by text: String) -> [(name: String, text: String)] {
        guard !sources.isEmpty else { return [] }
        var words = Self.words(text)
        var found: Set<String> = []
        var grows = true
        while grows {
            grows = false
            for (name, source) in sources where words.contains(name) && found.insert(name).inserted {
                words.formUnion(Self.words(source.text))
                grows = true
            }
        }
        return sources.filter { found.contains($0.name) }.map { ($0.name, $0.source.text) }
    }

    private static func words(_ text: String) -> Set<String> {
        let words = text.utf8.split { byte in
            !(byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte))
        }
        return Set(words.compactMap { String($0) })
    }
}
