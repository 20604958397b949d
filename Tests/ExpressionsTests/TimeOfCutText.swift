@testable import Expressions

/// Whether an evaluation asked for the time of a text with a NUL in it. Version 0.1.3 of Google's implementation reads
/// what stands before the NUL, as C does; RFC 3339 has no such character, and we refuse the text.
struct TimeOfCutText: EvaluationRecorder {
    static var isRecording: Bool { true }

    private let plan: Plan
    /// By node, whether the value it came to last is a text with a NUL.
    private var isCut: [Bool]
    private var isRead = false

    private init(plan: Plan) {
        self.plan = plan
        isCut = Array(repeating: false, count: plan.nodes.count)
    }

    /// Whether `timestamp()` gets such a text anywhere in the expression.
    static func isRead(by text: String, _ environment: Environment, _ activation: Activation) -> Bool {
        guard let tree = Parser.parse(ExpressionSource(text: text, file: "random")).tree else { return false }
        // Parts without variables are computed when the expression is planned, and not seen again.
        for node in tree.nodes {
            guard case .call(let call) = node.kind, call.name == "timestamp", let argument = call.arguments.first,
                let program = try? Program.compile(
                    ExpressionSource(text: tree.text(of: argument), file: "random"), in: environment),
                case .success(let value) = program.value(for: activation)
            else { continue }
            if isCut(value) { return true }
        }
        let plan = Planner.plan(Checker.check(tree, in: environment).0, in: environment).0
        var evaluation = Evaluation(plan, activation, recorder: TimeOfCutText(plan: plan))
        _ = try? evaluation.value(plan.root)
        return evaluation.recorder.isRead
    }

    private static func isCut(_ value: Value) -> Bool {
        guard case .string(let text) = value else { return false }
        return text.utf8.contains(0)
    }

    mutating func note(_ outcome: Result<Value, EvaluationFault>, of node: Int) {
        let step = plan.nodes[node]
        if step.operation == .callOne, plan.functions[Int(step.c)].name == "timestamp", isCut[Int(step.a)] {
            isRead = true
        }
        guard case .success(let value) = outcome else { return }
        isCut[node] = Self.isCut(value)
    }
}
