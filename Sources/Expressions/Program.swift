internal import Events

/// A compiled expression. It never changes and may be used from any thread.
package struct Program: Sendable {
    /// What the expression has to give.
    package enum Purpose: Sendable {
        /// Any value.
        case value
        /// True or false, for `when` and other conditions.
        case condition
        /// A number, for sums and averages.
        case number
    }

    /// Everything about the expression, behind one reference.
    private final class Parts: Sendable {
        let plan: Plan
        let sources: [ExpressionSource]
        let warnings: [Diagnostic]
        let text: String
        let facts: [String]
        let paths: [SelectedPath]
        let type: StaticType
        /// What the expression was compiled in, to find the parts of its text again when it is explained.
        let environment: Environment

        init(
            _ checked: CheckedExpression, _ plan: Plan, _ sources: [ExpressionSource], _ environment: Environment,
            warnings: [Diagnostic]
        ) {
            self.warnings = warnings
            self.plan = plan
            self.sources = sources
            self.environment = environment
            paths = checked.paths
            text = checked.tree.source.text
            facts = checked.facts
            type = checked.rootType
        }
    }

    private let parts: Parts
    /// What runs.
    var plan: Plan { parts.plan }

    /// What was found that does not stop the expression from being used.
    package var warnings: [Diagnostic] { parts.warnings }
    /// The expression as written.
    package var text: String { parts.text }
    /// The names of the facts that the text mentions, through named conditions too, in the order met.
    package var facts: [String] { parts.facts }
    /// The members of facts and of `event` that the text selects, through named conditions too, in the order met.
    package var paths: [SelectedPath] { parts.paths }
    /// The type of the value where it is known without an event.
    package var type: StaticType { parts.type }

    /// Parses, checks and plans an expression; throws everything that is wrong with it.
    ///
    /// - Parameter purpose: An expression whose known type does not serve the purpose is refused.
    package static func compile(
        _ source: ExpressionSource, in environment: Environment, for purpose: Purpose = .value
    ) throws(Diagnostics) -> Program {
        let parsed = Parser.parse(source)
        guard let tree = parsed.tree else { throw Diagnostics(parsed.diagnostics) }
        var (checked, found) = Checker.check(tree, in: environment)
        found = parsed.diagnostics + found
        if let unfit = unfitness(of: checked, for: purpose) { found.append(unfit) }
        let diagnostics = Diagnostics(found)
        if diagnostics.hasErrors { throw diagnostics }
        let (plan, layout) = Planner.plan(checked, in: environment)
        return Program(parts: Parts(checked, plan, layout.sources, environment, warnings: diagnostics.all))
    }

    private static func unfitness(of checked: CheckedExpression, for purpose: Purpose) -> Diagnostic? {
        guard let type = checked.rootType.valueType else { return nil }
        let root = checked.tree[checked.tree.root]
        let message: String
        switch purpose {
        case .value: return nil
        case .condition where type == .bool: return nil
        case .number where type.isNumber: return nil
        case .condition: message = "a condition is true or false, but this is \(type.words)"
        case .number: message = "a number is needed, but this is \(type.words)"
        }
        return Diagnostic(in: checked.tree.source, offset: root.offset, length: root.length, message: message)
    }

    /// What the expression says as the condition of a rule.
    package func verdict(for activation: Activation) -> Verdict {
        var evaluation = Evaluation(parts.plan, activation)
        return verdict(of: &evaluation)
    }

    /// The verdict as `verdict(for:)` gives it, by the same plan and the same code, and with it what every part of the
    /// condition came to.
    package func trace(for activation: Activation) -> Trace {
        let record = EvaluationRecord(nodeCount: parts.plan.nodes.count)
        var evaluation = Evaluation(parts.plan, activation, recorder: record)
        let verdict = verdict(of: &evaluation)
        let layout = layout()
        var builder = TraceBuilder(plan: parts.plan, layout: layout, record: evaluation.recorder, activation)
        return Trace(verdict: verdict, root: builder.root())
    }

    private func verdict<Recorder>(of evaluation: inout Evaluation<Recorder>) -> Verdict {
        switch evaluation.truth(parts.plan.root) {
        case .yes: .yes
        case .no: .no
        case .absent: .absent
        case .fault: .fault(placed(evaluation.fault))
        }
    }

    /// Reads and plans the text once more, to know which node came from which part of it; a program keeps no syntax.
    private func layout() -> PlanLayout {
        guard let source = parts.sources.first, let tree = Parser.parse(source).tree else { return PlanLayout() }
        return Planner.plan(Checker.check(tree, in: parts.environment).0, in: parts.environment).1
    }

    /// The value of the expression, or why there is none. A value that is absent is a success.
    package func value(for activation: Activation) -> Result<Value, EvaluationFault> {
        var evaluation = Evaluation(parts.plan, activation)
        do {
            return .success(try evaluation.value(parts.plan.root))
        } catch {
            return .failure(placed(error))
        }
    }

    /// The fault with its place in the file and, for an absence, with the fact that is missing.
    private func placed(_ fault: EvaluationFault) -> EvaluationFault {
        guard parts.plan.nodes.indices.contains(Int(fault.node)) else { return fault }
        let node = parts.plan.nodes[Int(fault.node)]
        let source = parts.sources[Int(node.source)]
        var placed = fault
        placed.position = source.location(ofScalar: Int(node.offset)).position
        if fault.kind == .absent, fault.message.isEmpty {
            placed.message = "a field that is needed here is not in the event"
        }
        return placed
    }
}
