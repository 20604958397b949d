internal import Events

/// What one evaluation made of a condition and of every part of it.
package struct Trace: Sendable {
    /// What the condition as a whole said.
    package let verdict: Verdict
    /// The whole condition.
    package let root: Part

    /// A part of a condition and what it came to.
    package struct Part: Sendable {
        /// The part as written, with white space and line ends as single spaces.
        package let text: String
        package let outcome: Outcome
        /// The text of the named condition that the part is the name of, or `nil`.
        package let definition: String?
        /// What may help where a field is missing.
        package let hint: String?
        /// The parts it was put together from, without literals; for a named condition its own parts where it stands
        /// for the first time.
        package let parts: [Part]
    }

    /// What a part came to.
    package indirect enum Outcome: Sendable {
        case value(Value)
        /// Neither true nor false, or no value, because this field is not in the event; `nil` where none can be named.
        case absent(String?)
        case fault(EvaluationFault)
        /// The rest of the condition had decided before.
        case notEvaluated
        /// A macro ran it for several elements: the first outcomes, and how many there were.
        case each([Outcome], count: Int)
    }
}

/// Puts a trace together from a record of an evaluation.
struct TraceBuilder {
    typealias NodeID = SyntaxTree.NodeID

    private let plan: Plan
    private let layout: PlanLayout
    private let record: EvaluationRecord
    private let slots: [Value]
    /// Named conditions whose parts were shown.
    private var opened: Set<Int> = []

    init(plan: Plan, layout: PlanLayout, record: EvaluationRecord, _ activation: Activation) {
        self.plan = plan
        self.layout = layout
        self.record = record
        slots = activation.values.slots
    }

    /// The whole expression.
    mutating func root() -> Trace.Part {
        guard let expression = layout.expressions.first else {
            return Trace.Part(text: "", outcome: .notEvaluated, definition: nil, hint: nil, parts: [])
        }
        return part(expression.tree.root, of: 0, readBy: nil)
    }

    /// - Parameter reader: The plan node of the part above, `nil` where that was not evaluated or there is none.
    private mutating func part(_ id: NodeID, of source: Int, readBy reader: Int?) -> Trace.Part {
        let expression = layout.expressions[source]
        let node = Int(layout.nodes[source][id])
        let outcomes = outcomes(node, readBy: reader)
        let path = SelectedPath(id, in: expression.tree, expression.meanings)
        var parts: [Trace.Part] = []
        var definition: String?
        if case .definition(let position) = expression.meanings[id], let inner = layout.definitions[position] {
            let tree = layout.expressions[inner].tree
            definition = Self.oneLine(tree.source.text)
            if opened.insert(inner).inserted { parts = [part(tree.root, of: inner, readBy: node)] }
        } else if path == nil, plan.nodes[node].operation != .constant {
            for child in expression.tree[id].children
            where layout.nodes[source][child] >= 0 && !isLiteral(child, of: expression.tree) {
                parts.append(part(child, of: source, readBy: outcomes.isEmpty ? nil : node))
            }
        }
        let missing = path.map(\.text) ?? parts.lazy.compactMap(Self.missing).first
        let outcome = outcome(outcomes, count: node < record.counts.count ? record.counts[node] : 0, missing: missing)
        let hint: String? = if case .absent = outcome { path.flatMap(near) } else { nil }
        return Trace.Part(
            text: Self.oneLine(expression.tree.text(of: id)), outcome: outcome, definition: definition, hint: hint,
            parts: parts)
    }

    // MARK: Outcomes

    private func outcomes(_ node: Int, readBy reader: Int?) -> [Result<Value, EvaluationFault>] {
        guard record.outcomes[node].isEmpty else { return record.outcomes[node] }
        // A comparison of a fact with a literal, a test of its text for one, and a look into a list of literals are one
        // step: what they read was read without its node being run.
        guard let reader, !record.outcomes[reader].isEmpty else { return [] }
        let (step, read) = (plan.nodes[reader].operation, plan.nodes[node])
        switch read.operation {
        case .host where step == .compareHost || step == .testHost: return [.success(slots[Int(read.a)])]
        case .constant where step == .compareHost || step == .testHost || step == .membershipInSet:
            return [.success(plan.constants[Int(read.a)])]
        default: return []
        }
    }

    private func outcome(
        _ outcomes: [Result<Value, EvaluationFault>], count: Int, missing: String?
    ) -> Trace.Outcome {
        let single = outcomes.map { outcome -> Trace.Outcome in
            switch outcome {
            case .success(.absent): .absent(missing)
            case .success(let value): .value(value)
            case .failure(let fault): fault.kind == .absent ? .absent(missing) : .fault(fault)
            }
        }
        guard let first = single.first else { return .notEvaluated }
        return count > 1 ? .each(single, count: count) : first
    }

    /// The field whose absence a part, or a part of it, came to.
    private static func missing(_ part: Trace.Part) -> String? {
        if case .absent(let name?) = part.outcome { return name }
        return part.parts.lazy.compactMap(missing).first
    }

    /// A literal says itself.
    private func isLiteral(_ id: NodeID, of tree: SyntaxTree) -> Bool {
        switch tree[id].kind {
        case .literal: true
        case .list, .map, .unary(.negate, _): tree[id].children.allSatisfy { isLiteral($0, of: tree) }
        default: false
        }
    }

    /// White space as single spaces.
    private static func oneLine(_ text: String) -> String {
        text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }.joined(separator: " ")
    }

    // MARK: Hints

    /// The nearest member that the event does have where a path leads to nothing.
    private func near(_ path: SelectedPath) -> String? {
        let event = slots[HostName.event.slot]
        guard case .object(let members) = event else { return nil }
        var names = members.members.map(\.key)
        guard !path.steps.isEmpty else {
            return Suggestion.nearest(to: path.root, among: names).map { "the event has \"\($0)\"" }
        }
        var json = path.root == SelectedPath.eventName ? event.json : members[path.root] ?? .null
        var walked = path.root
        for step in path.steps {
            guard case .member(let name) = step, case .object(let object) = json else { return nil }
            if let next = object[name] {
                (json, walked) = (next, "\(walked).\(name)")
                continue
            }
            names = object.members.map(\.key)
            return Suggestion.nearest(to: name, among: names).map { "\(walked) has \"\($0)\"" }
        }
        return nil
    }
}
