@testable import Expressions

/// Where version 0.1.3 of Google's implementation is known to differ from ours, and what an evaluation has to do for it
/// to show.
enum KnownDifference: CaseIterable {
    /// `timestamp()` of a text with a NUL: they read what stands before it, as C does. RFC 3339 has no such character.
    case cutTime
    /// `timestamp()` of a text whose year has not four digits: they read it. RFC 3339 §5.6 wants four.
    case yearOfOtherLength
    /// `string()` of a NaN: both write its sign (`-nan`), but of two NaN added the processor gives the one that the
    /// compiler put first, so the sign says nothing.
    case signOfNaN

    /// The function in which it shows.
    private var function: String { self == .signOfNaN ? "string" : "timestamp" }

    /// Whether it shows when the function gets this value.
    private func shows(in value: Value) -> Bool {
        switch (self, value) {
        case (.cutTime, .string(let text)): text.utf8.contains(0)
        case (.yearOfOtherLength, .string(let text)):
            { $0 > 0 && $0 != 4 && text.utf8.dropFirst($0).first == UInt8(ascii: "-") }(
                text.utf8.prefix { (0x30...0x39).contains($0) }.count)
        case (.signOfNaN, .double(let number)): number.isNaN
        default: false
        }
    }

    /// The first that an evaluation of the expression meets, or `nil`.
    static func met(by text: String, _ environment: Environment, _ activation: Activation) -> KnownDifference? {
        guard let tree = Parser.parse(ExpressionSource(text: text, file: "random")).tree else { return nil }
        // Parts without variables are computed when the expression is planned, and not seen again.
        for node in tree.nodes {
            guard case .call(let call) = node.kind, let argument = call.arguments.first,
                let program = try? Program.compile(
                    ExpressionSource(text: tree.text(of: argument), file: "random"), in: environment),
                case .success(let value) = program.value(for: activation)
            else { continue }
            if let found = allCases.first(where: { $0.function == call.name && $0.shows(in: value) }) { return found }
        }
        let plan = Planner.plan(Checker.check(tree, in: environment).0, in: environment).0
        var evaluation = Evaluation(plan, activation, recorder: Recorder(plan: plan))
        _ = try? evaluation.value(plan.root)
        return evaluation.recorder.met
    }

    private struct Recorder: EvaluationRecorder {
        static var isRecording: Bool { true }

        private let plan: Plan
        /// By node, what the value it came to last would show.
        private var shown: [[KnownDifference]]
        private(set) var met: KnownDifference?

        init(plan: Plan) {
            self.plan = plan
            shown = Array(repeating: [], count: plan.nodes.count)
        }

        mutating func note(_ outcome: Result<Value, EvaluationFault>, of node: Int) {
            let step = plan.nodes[node]
            if met == nil, step.operation == .callOne {
                let name = plan.functions[Int(step.c)].name
                met = shown[Int(step.a)].first { $0.function == name }
            }
            guard case .success(let value) = outcome else { return }
            shown[node] = KnownDifference.allCases.filter { $0.shows(in: value) }
        }
    }
}
