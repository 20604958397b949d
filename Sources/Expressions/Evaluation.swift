internal import Events

/// One run of a plan over one event.
///
/// Conditions are answered by `truth`, which neither throws nor allocates; everything else by `value`. A recorder sees
/// what every node came to; with `NoRecording` the compiler leaves nothing of it.
struct Evaluation<Recorder: EvaluationRecorder> {
    let plan: Plan
    let activation: Activation.Values
    var locals: [Value]
    /// Why variables of `cel.bind` have no value, by slot.
    private var boundFaults: [Int: EvaluationFault] = [:]
    /// Results of named conditions met so far.
    private var shared: [Result<Value, EvaluationFault>?]
    var budget = StepBudget()
    /// Why the last unknown truth is a fault.
    private var lastFault: EvaluationFault?
    /// The node behind the last unknown truth that is absent.
    var absentNode: Int32 = 0
    var recorder: Recorder

    init(_ plan: Plan, _ activation: Activation, recorder: Recorder) {
        self.recorder = recorder
        self.plan = plan
        self.activation = activation.values
        locals = plan.localCount > 0 ? Array(repeating: .absent, count: plan.localCount) : []
        shared = plan.sharedCount > 0 ? Array(repeating: nil, count: plan.sharedCount) : []
    }

    /// Why the last unknown truth is a fault.
    var fault: EvaluationFault {
        get { lastFault ?? StepBudget.fault }
        set { lastFault = newValue }
    }

    // MARK: Truth

    /// What a node says as a condition.
    mutating func truth(_ index: Int) -> Truth {
        let truth = judged(index)
        if Recorder.isRecording { note(truth, of: index) }
        return truth
    }

    private mutating func judged(_ index: Int) -> Truth {
        guard budget.take() else { return unknown(StepBudget.fault, index) }
        let node = plan.nodes[index]
        switch node.operation {
        case .compareHost:
            return compareHost(node, index)
        case .testHost: return testHost(node, index)
        case .and: return chain(node, decides: .no)
        case .or: return chain(node, decides: .yes)
        case .not:
            let operand = truth(Int(node.a))
            return operand == .yes ? .no : operand == .no ? .yes : operand
        case .hasHost: return Truth(!activation.slots[Int(node.a)].isAbsent)
        case .conditional:
            switch truth(Int(node.a)) {
            case .yes: return truth(Int(node.b))
            case .no: return truth(Int(node.c))
            case let unknown: return unknown
            }
        case .all: return walk(node, index, decides: .no)
        case .exists: return walk(node, index, decides: .yes)
        default:
            do {
                switch node.operation {
                case .compare:
                    return compare(try value(Int(node.a)), try value(Int(node.b)), relation: node.c, index)
                case .membershipInSet: return Truth(plan.sets[Int(node.b)].contains(try value(Int(node.a))))
                case .membership:
                    return Truth(try contains(try value(Int(node.b)), try value(Int(node.a)), index))
                case .matches: return Truth(try matches(node, index))
                case .hasField: return Truth(try hasField(try value(Int(node.a)), plan.names[Int(node.b)], index))
                case .existsOne: return Truth(try existsOne(node, index))
                default: return truth(of: try otherValue(node, index), index)
                }
            } catch {
                return unknown(error, index)
            }
        }
    }

    /// Keeps why a truth is unknown.
    mutating func unknown(_ error: EvaluationFault, _ index: Int) -> Truth {
        let placed = error.at(Int32(truncatingIfNeeded: index))
        guard error.kind == .absent else {
            fault = placed
            return .fault
        }
        absentNode = placed.node
        return .absent
    }

    private mutating func truth(of value: Value, _ index: Int) -> Truth {
        switch value {
        case .bool(let flag): return Truth(flag)
        case .absent:
            absentNode = Int32(truncatingIfNeeded: index)
            return .absent
        default:
            let message = "a condition needs true or false, not \(value.type.words)"
            return unknown(EvaluationFault(.type, message), index)
        }
    }

    /// `&&` and `||`: one term that decides is enough. Of several unknown terms a fault is told rather than an
    /// absence, and the first rather than a later one.
    private mutating func chain(_ node: PlanNode, decides: Truth) -> Truth {
        var result: Truth = decides == .no ? .yes : .no
        var kept: (fault: EvaluationFault?, absentNode: Int32) = (nil, 0)
        for child in Int(node.a)..<Int(node.a + node.b) {
            let term = truth(Int(plan.children[child]))
            if term == decides { return decides }
            if term == .fault, result != .fault {
                result = .fault
                kept.fault = fault
            } else if term == .absent, result != .fault, result != .absent {
                result = .absent
                kept.absentNode = absentNode
            }
        }
        if let first = kept.fault { fault = first }
        if result == .absent { absentNode = kept.absentNode }
        return result
    }

    /// A fact beside a literal, the most frequent comparison of all: the frequent types first and without detours.
    private mutating func compareHost(_ node: PlanNode, _ index: Int) -> Truth {
        let (slot, literal) = (Int(node.a), Int(node.b))
        switch activation.slots[slot] {
        case .int(let left):
            if case .int(let right) = plan.constants[literal], let relation = Relation(rawValue: node.c) {
                return Truth(relation.holds(left, right))
            }
        case .double(let left):
            guard let relation = Relation(rawValue: node.c) else { break }
            switch plan.constants[literal] {
            case .double(let right): return Truth(relation.holds(left, right))
            case .int(let right): return Truth(relation.holds(left, Double(right)))
            default: break
            }
        case .string(let left):
            guard case .string(let right) = plan.constants[literal] else { break }
            if node.c == Relation.equal.rawValue { return Truth(left.hasSameScalars(as: right)) }
            if node.c == Relation.notEqual.rawValue { return Truth(!left.hasSameScalars(as: right)) }
        default: break
        }
        return compare(activation.slots[slot], plan.constants[literal], relation: node.c, index)
    }

    private mutating func compare(_ left: Value, _ right: Value, relation: Int32, _ index: Int) -> Truth {
        switch relation {
        case Relation.equal.rawValue: return Truth(left.isEqual(to: right))
        case Relation.notEqual.rawValue: return Truth(!left.isEqual(to: right))
        default: break
        }
        if let order = left.order(to: right), let relation = Relation(rawValue: relation) {
            return Truth(relation.holds(order))
        }
        if left.isAbsent || right.isAbsent {
            absentNode = Int32(truncatingIfNeeded: index)
            return .absent
        }
        let message = "\(left.type.words) and \(right.type.words) have no order"
        return unknown(EvaluationFault(.type, message), index)
    }

    // MARK: Values

    /// The value of a node.
    mutating func value(_ index: Int) throws(EvaluationFault) -> Value {
        guard Recorder.isRecording else { return try found(index) }
        do {
            let value = try found(index)
            note(.success(value), of: index)
            return value
        } catch {
            note(.failure(error), of: index)
            throw error
        }
    }

    private mutating func found(_ index: Int) throws(EvaluationFault) -> Value {
        let node = plan.nodes[index]
        switch node.operation {
        case .constant: return plan.constants[Int(node.a)]
        case .host: return activation.slots[Int(node.a)]
        case .local: return locals[Int(node.a)]
        case .bound:
            if let fault = boundFaults[Int(node.a)] { throw fault }
            return locals[Int(node.a)]
        case .compareHost, .testHost, .compare, .and, .or, .not, .hasHost, .hasField, .membership, .membershipInSet,
            .matches, .all, .exists, .existsOne:
            switch truth(index) {
            case .yes: return .bool(true)
            case .no: return .bool(false)
            case .absent: throw EvaluationFault(.absent, "").at(absentNode)
            case .fault: throw fault
            }
        default:
            guard budget.take() else { throw StepBudget.fault.at(Int32(truncatingIfNeeded: index)) }
            do {
                return try otherValue(node, index)
            } catch {
                throw error.at(Int32(truncatingIfNeeded: index))
            }
        }
    }

    /// The value of a node that is no condition by its form.
    private mutating func otherValue(_ node: PlanNode, _ index: Int) throws(EvaluationFault) -> Value {
        let (a, b, c) = (Int(node.a), Int(node.b), Int(node.c))
        switch node.operation {
        case .constant, .host, .local, .bound: return try value(index)
        case .variable:
            guard let bound = activation.bindings[plan.names[a]] else { throw unknownName(a) }
            return bound
        case .select: return try field(try value(a), plan.names[b])
        case .index: return try element(try value(a), at: try value(b))
        case .negate: return try Arithmetic.negate(try value(a))
        case .conditional:
            switch truth(a) {
            case .yes: return try value(b)
            case .no: return try value(c)
            case .absent: throw EvaluationFault(.absent, "").at(absentNode)
            case .fault: throw fault
            }
        case .add: return try Arithmetic.apply(.add, try value(a), try value(b), &budget)
        case .subtract: return try Arithmetic.apply(.subtract, try value(a), try value(b), &budget)
        case .multiply: return try Arithmetic.apply(.multiply, try value(a), try value(b), &budget)
        case .divide: return try Arithmetic.apply(.divide, try value(a), try value(b), &budget)
        case .modulo: return try Arithmetic.apply(.modulo, try value(a), try value(b), &budget)
        case .list: return .list(try values(a, count: b))
        case .map: return try map(a, count: b)
        case .callOne, .callTwo, .callMany: return try call(node)
        case .filter, .mapEach, .mapFiltered: return .list(try collect(node))
        case .transformMap, .transformMapEntry: return .map(try transform(node))
        case .bind:
            // A value that fails does so where it is used: a body that decides without it is not held up.
            do {
                locals[c] = try value(a)
                if !boundFaults.isEmpty { boundFaults[c] = nil }
            } catch {
                boundFaults[c] = error
            }
            return try value(b)
        case .shared: return try sharedValue(node)
        default: throw unknownName(a)
        }
    }

    private func unknownName(_ index: Int) -> EvaluationFault {
        EvaluationFault(.unknown, "nothing is known by the name \"\(plan.names[index])\"")
    }

    private mutating func call(_ node: PlanNode) throws(EvaluationFault) -> Value {
        let function = plan.functions[Int(node.c)]
        switch function.body {
        case .one(let body):
            let argument = try value(Int(node.a))
            if argument.isAbsent, !function.takesAbsent { throw EvaluationFault(.absent, "") }
            return try body(argument, &budget)
        case .two(let body):
            let (first, second) = (try value(Int(node.a)), try value(Int(node.b)))
            if first.isAbsent || second.isAbsent, !function.takesAbsent { throw EvaluationFault(.absent, "") }
            return try body(first, second, &budget)
        case .many(let body):
            let arguments = try values(Int(node.a), count: Int(node.b))
            if !function.takesAbsent, arguments.contains(where: \.isAbsent) { throw EvaluationFault(.absent, "") }
            return try body(arguments, &budget)
        }
    }

    private mutating func sharedValue(_ node: PlanNode) throws(EvaluationFault) -> Value {
        let slot = Int(node.b)
        if let known = shared[slot] { return try known.get() }
        do {
            let result = try value(Int(node.a))
            shared[slot] = .success(result)
            return result
        } catch {
            shared[slot] = .failure(error)
            throw error
        }
    }
}
