/// Sees what every node of a plan comes to while the plan runs.
protocol EvaluationRecorder {
    /// Whether anything is kept. It is a constant of the type, so that the compiler removes what is not wanted.
    static var isRecording: Bool { get }
    /// Takes what a node came to this time.
    mutating func note(_ outcome: Result<Value, EvaluationFault>, of node: Int)
}

/// Keeps nothing: how rules are evaluated.
struct NoRecording: EvaluationRecorder {
    static var isRecording: Bool { false }

    mutating func note(_ outcome: Result<Value, EvaluationFault>, of node: Int) {}
}

/// Keeps what every node came to: how rules are explained.
struct EvaluationRecord: EvaluationRecorder {
    /// The most outcomes kept of one node, which a macro runs for every element; further ones are counted.
    static let outcomesMax = 8

    static var isRecording: Bool { true }

    /// By node, in the order of time; none for a node that was not reached.
    private(set) var outcomes: [[Result<Value, EvaluationFault>]]
    /// By node, how often it ran.
    private(set) var counts: [Int]

    init(nodeCount: Int) {
        outcomes = Array(repeating: [], count: nodeCount)
        counts = Array(repeating: 0, count: nodeCount)
    }

    mutating func note(_ outcome: Result<Value, EvaluationFault>, of node: Int) {
        counts[node] += 1
        if outcomes[node].count < Self.outcomesMax { outcomes[node].append(outcome) }
    }
}

extension Evaluation where Recorder == NoRecording {
    init(_ plan: Plan, _ activation: Activation) {
        self.init(plan, activation, recorder: NoRecording())
    }
}

extension Evaluation {
    /// Notes the truth of a node, unless `value` has noted its value on the way.
    mutating func note(_ truth: Truth, of index: Int) {
        switch plan.nodes[index].operation {
        case .constant, .host, .local, .bound: return
        default: break
        }
        switch truth {
        case .yes: recorder.note(.success(.bool(true)), of: index)
        case .no: recorder.note(.success(.bool(false)), of: index)
        case .absent: recorder.note(.failure(EvaluationFault(.absent, "")), of: index)
        case .fault: recorder.note(.failure(fault), of: index)
        }
    }

    /// Notes the value of a node, unless `truth` has noted it on the way.
    mutating func note(_ outcome: Result<Value, EvaluationFault>, of index: Int) {
        if !plan.nodes[index].operation.isTruth { recorder.note(outcome, of: index) }
    }
}
