import Events
import Expressions

/// Reads `tests:` beside a rule.
struct RuleTestReader {
    let sink: DiagnosticSink
    let rule: String
    /// Whether the rule has `per`, `at_most` and so on: what a test asks of a rule that has none can never hold.
    let hasGroups: Bool
    let hasThrottle: Bool

    private var values: ValueReader { ValueReader(sink) }

    func read(_ node: YAMLNode) -> [RuleTest] {
        var names: Set<String> = []
        return values.items(node, "'tests'", countMax: RuleTest.testsMax).compactMap { item in
            guard let reader = MappingReader(item, subject: "a test", sink: sink) else { return nil }
            defer { reader.finish() }
            let nameNode = reader.required("name", hint: "say what is tested: `name: eleven dollars make one mail`")
            let name = nameNode.flatMap { values.text($0, "'name'", bytesMax: 200) }
            let start = reader.value("starts").flatMap(instant) ?? RuleTest.standardStart
            let wait = reader.value("wait").flatMap {
                values.duration($0, "'wait'", within: .zero ... .seconds(366 * 86_400))
            }
            let events = reader.required("events", hint: "write `events: {repeat: 11, every: 1m, with: {cost: 1}}`")
            let expect = reader.required("expect", hint: "write `expect: {mails: 1}`")
            let batches = events.map(batches) ?? []
            let test = RuleTest(
                name: name ?? "", rule: rule, file: sink.source.file, range: nameNode?.range ?? item.range,
                start: start, batches: batches, wait: wait ?? .zero, expectations: [])
            let expectations = expect.map { expected($0, test) } ?? []
            guard let name, let nameNode else { return nil }
            if !names.insert(name).inserted {
                sink.error(at: nameNode.range, "two tests of this rule are named '\(name)'")
            }
            return RuleTest(
                name: name, rule: rule, file: sink.source.file, range: nameNode.range, start: start, batches: batches,
                wait: wait ?? .zero, expectations: expectations)
        }
    }

    private func instant(_ node: YAMLNode) -> Timestamp? {
        guard let scalar = values.scalar(node, "'starts'") else { return nil }
        if let instant = Timestamp(rfc3339: scalar.text) { return instant }
        sink.error(at: node.range, "'starts' is no instant", hint: "write it as 2026-01-05T12:00:00Z")
        return nil
    }

    // MARK: Events

    private func batches(_ node: YAMLNode) -> [RuleTest.Batch] {
        var total = 0
        return values.items(node, "'events'", countMax: 1_000).compactMap { item in
            guard let reader = MappingReader(item, subject: "events of a test", sink: sink) else { return nil }
            defer { reader.finish() }
            let count = reader.value("repeat").flatMap { number($0, "'repeat'", from: 1) } ?? 1
            let every = reader.value("every").flatMap {
                values.duration($0, "'every'", within: .zero ... .seconds(31_622_400))
            }
            let after = reader.value("after").flatMap {
                values.duration($0, "'after'", within: .zero ... .seconds(31_622_400))
            }
            let file = reader.value("file").flatMap { values.text($0, "'file'", bytesMax: 1_000) }
            let with = reader.entry("with")
            if file != nil, let with {
                sink.error(at: with.keyRange, "events have 'file' or 'with', not both")
            }
            total += count
            if total > RuleTest.eventsMax {
                sink.error(at: item.range, "a test has more than \(RuleTest.eventsMax) events")
                return nil
            }
            let members = with.flatMap { object($0.value) } ?? JSONObject()
            return RuleTest.Batch(
                members: members, file: file, count: count, every: every ?? .zero, after: after ?? every ?? .zero)
        }
    }

    private func object(_ node: YAMLNode) -> JSONObject? {
        guard case .object(let object) = json(node) else {
            sink.error(
                at: node.range, "'with' must be a mapping of facts, not \(node.kind)",
                hint: "write `with: {status_code: 500, cost: 1}`")
            return nil
        }
        for (key, _) in object.members where Fact.named(key) == nil && key != "event" {
            let nearest = Suggestion.nearest(to: key, among: Fact.allCases.map(\.name))
            guard let nearest else { continue }
            sink.warning(at: node.range, "no fact is named '\(key)'", hint: "did you mean '\(nearest)'?")
        }
        return object
    }

    /// A part of the file as JSON; what is written in quotes is a text.
    private func json(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .reported: return .null
        case .sequence(let items): return .array(items.map(json))
        case .mapping(let entries): return .object(JSONObject(entries.map { ($0.key, json($0.value)) }))
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: return .null
            case .text: return .string(scalar.text)
            case .bool(let flag): return .bool(flag)
            case .int, .double: return (try? JSONValue.decode(Array(scalar.text.utf8))) ?? .string(scalar.text)
            }
        }
    }

    // MARK: Expectations

    private func expected(_ node: YAMLNode, _ test: RuleTest) -> [RuleTest.Expectation] {
        values.items(node, "'expect'", countMax: 100).compactMap { item in
            guard let reader = MappingReader(item, subject: "an expectation", sink: sink) else { return nil }
            defer { reader.finish() }
            var expected = RuleTest.Expectation()
            expected.mails = reader.value("mails").flatMap { number($0, "'mails'", from: 0) }
            if let none = reader.value("none"), values.flag(none, "'none'") == true { expected.mails = 0 }
            let at = reader.entry("at")
            expected.at = at.flatMap { values.duration($0.value, "'at'", within: .zero ... .seconds(31_622_400)) }
            let group = reader.entry("group")
            expected.group = group.flatMap { values.text($0.value, "'group'", bytesMax: 1_000) }
            expected.subject = reader.value("subject").flatMap { values.text($0, "'subject'", bytesMax: 500) }
            expected.recipients = reader.value("recipients").map { list in
                values.items(list, "'recipients'", countMax: Rule.recipientsMax).compactMap {
                    values.text($0, "a recipient", bytesMax: 320)
                }
            }
            let reasons = NotificationReason.allCases.map(\.rawValue)
            expected.reason = reader.value("reason").flatMap { values.choice($0, "'reason'", of: reasons) }
                .flatMap(NotificationReason.init(rawValue:))
            let suppressed = reader.entry("suppressed")
            let words = SuppressionReason.allCases.map(\.rawValue)
            expected.suppressed = suppressed.flatMap { values.choice($0.value, "'suppressed'", of: words) }
                .flatMap(SuppressionReason.init(rawValue:))
            expected.times = reader.value("times").flatMap { number($0, "'times'", from: 1) }
            refuseWhatCannotHold(expected, test, at: at, group: group, suppressed: suppressed)
            return expected
        }
    }

    /// Reports what no run of the test could ever fulfil.
    private func refuseWhatCannotHold(
        _ expected: RuleTest.Expectation, _ test: RuleTest, at: YAMLEntry?, group: YAMLEntry?, suppressed: YAMLEntry?
    ) {
        if let at, let instant = expected.at {
            if expected.mails == 0 {
                sink.error(at: at.keyRange, "no mail can come at a time when none is expected", hint: "remove 'at'")
            } else if instant > test.length, !test.batches.contains(where: { $0.file != nil }) {
                sink.error(
                    at: at.value.range,
                    "this can never hold: the test ends \(test.length.written) after its first event",
                    hint: "add `wait: \((instant - test.length).written)` to let the clock go on")
            }
        }
        if let group, !hasGroups {
            sink.error(
                at: group.keyRange, "this can never hold: the rule '\(rule)' has no groups",
                hint: "add `per:` to the rule, or remove 'group'")
        }
        if let suppressed, expected.suppressed == .throttled, !hasThrottle {
            sink.error(
                at: suppressed.value.range, "this can never hold: the rule '\(rule)' has no `at_most`",
                hint: "add `at_most: 1 per 15m` to the rule")
        }
    }

    /// A number of events, mails or matches.
    private func number(_ node: YAMLNode, _ name: String, from least: Int64) -> Int? {
        values.wholeNumber(node, name, within: least...Int64(RuleTest.eventsMax)).map { Int($0) }
    }
}
