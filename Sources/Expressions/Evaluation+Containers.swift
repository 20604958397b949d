internal import Events

extension Evaluation {
    /// A field of a map or of an object of the event. The event is lenient, a map is strict.
    func field(_ operand: Value, _ name: String) throws(EvaluationFault) -> Value {
        switch operand {
        case .object(let object): return object[name].map { Value(event: $0) } ?? .absent
        case .map(let map):
            guard let value = map[.string(name)] else { throw EvaluationFault(.key, "a map has no such key") }
            return value
        case .absent: return .absent
        default: throw EvaluationFault(.type, "\(operand.type.words) has no fields")
        }
    }

    /// `has(operand.name)`: an absent value has no fields, and a field that reads as absent is not there.
    func hasField(_ operand: Value, _ name: String, _ index: Int) throws(EvaluationFault) -> Bool {
        switch operand {
        case .object(let object): return object[name].map { !Value(event: $0).isAbsent } ?? false
        case .map(let map): return map[.string(name)] != nil
        case .absent: return false
        default: throw EvaluationFault(.type, "\(operand.type.words) has no fields")
        }
    }

    /// `operand[index]`.
    func element(_ operand: Value, at index: Value) throws(EvaluationFault) -> Value {
        switch operand {
        case .absent: return .absent
        case _ where index.isAbsent: throw EvaluationFault(.absent, "")
        case .object(let object):
            guard case .string(let name) = index else { return .absent }
            return object[name].map { Value(event: $0) } ?? .absent
        case .array(let values):
            let position = try Self.position(index)
            return values.indices.contains(position) ? Value(event: values[position]) : .absent
        case .list(let values):
            let position = try Self.position(index)
            guard values.indices.contains(position) else {
                throw EvaluationFault(.range, "an index lies outside of a list of \(values.count)")
            }
            return values[position]
        case .map(let map):
            guard let value = map[index] else { throw EvaluationFault(.key, "a map has no such key") }
            return value
        default: throw EvaluationFault(.type, "\(operand.type.words) cannot be indexed")
        }
    }

    /// The index of a list; doubles and unsigned numbers count where they are whole.
    private static func position(_ index: Value) throws(EvaluationFault) -> Int {
        let position: Int?
        switch index {
        case .int(let number): position = Int(exactly: number)
        case .uint(let number): position = Int(exactly: number)
        case .double(let number): position = Int(exactly: number)
        default: throw EvaluationFault(.type, "a list is indexed by a whole number, not \(index.type.words)")
        }
        guard let position else { throw EvaluationFault(.range, "a list is indexed by a whole number") }
        return position
    }

    /// `element in container`. An absent element is in a list that holds null or an empty text.
    mutating func contains(_ container: Value, _ element: Value, _ index: Int) throws(EvaluationFault) -> Bool {
        switch container {
        case .list(let values):
            try budget.pay(elements: values.count)
            return values.contains { $0.isEqual(to: element) }
        case .array(let values):
            try budget.pay(elements: values.count)
            return values.contains { Value(event: $0).isEqual(to: element) }
        case .map(let map): return map[element] != nil
        case .object(let object):
            guard case .string(let name) = element else { return false }
            return object[name].map { !Value(event: $0).isAbsent } ?? false
        case .absent: throw EvaluationFault(.absent, "")
        default: throw EvaluationFault(.type, "in does not look into \(container.type.words)")
        }
    }

    /// `matches` with a pattern compiled when the expression was.
    mutating func matches(_ node: PlanNode, _ index: Int) throws(EvaluationFault) -> Bool {
        let operand = try value(Int(node.a))
        guard case .string(let text) = operand else {
            throw operand.isAbsent ? EvaluationFault(.absent, "") : Function.mismatch("matches", operand)
        }
        return try plan.patterns[Int(node.b)].matches(text, &budget)
    }

    // MARK: Macros

    /// What a macro walks: the elements of a list, the keys of a map.
    private mutating func range(_ index: Int) throws(EvaluationFault) -> [Value] {
        let range = try value(index)
        if let elements = range.elements { return elements }
        if let entries = range.entries { return entries.map(\.key) }
        throw range.isAbsent
            ? EvaluationFault(.absent, "").at(Int32(truncatingIfNeeded: index))
            : EvaluationFault(.type, "a macro walks a list or a map, not \(range.type.words)")
    }

    /// `all` and `exists`, which are a long `&&` and a long `||`.
    mutating func walk(_ node: PlanNode, _ index: Int, decides: Truth) -> Truth {
        let elements: [Value]
        do {
            elements = try range(Int(node.a))
        } catch {
            return unknown(error, index)
        }
        var result: Truth = decides == .no ? .yes : .no
        var kept: (fault: EvaluationFault?, absentNode: Int32) = (nil, 0)
        for element in elements {
            guard budget.take() else { return unknown(StepBudget.fault, index) }
            locals[Int(node.c)] = element
            let term = truth(Int(node.b))
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

    /// `exists_one`, which no error passes.
    mutating func existsOne(_ node: PlanNode, _ index: Int) throws(EvaluationFault) -> Bool {
        var count = 0
        for element in try range(Int(node.a)) {
            guard budget.take() else { throw StepBudget.fault }
            locals[Int(node.c)] = element
            if try isTrue(Int(node.b)) { count += 1 }
        }
        return count == 1
    }

    /// `map` and `filter`.
    mutating func collect(_ node: PlanNode) throws(EvaluationFault) -> [Value] {
        var result: [Value] = []
        let isFiltered = node.operation == .mapFiltered
        let body = isFiltered ? Int(plan.children[Int(node.b) + 1]) : Int(node.b)
        for element in try range(Int(node.a)) {
            guard budget.take() else { throw StepBudget.fault }
            locals[Int(node.c)] = element
            if node.operation == .filter {
                if try isTrue(body) { result.append(element) }
            } else {
                if isFiltered, !(try isTrue(Int(plan.children[Int(node.b)]))) { continue }
                result.append(try value(body))
            }
        }
        return result
    }

    /// The truth of a node, an unknown one thrown.
    private mutating func isTrue(_ index: Int) throws(EvaluationFault) -> Bool {
        switch truth(index) {
        case .yes: return true
        case .no: return false
        case .absent: throw EvaluationFault(.absent, "").at(absentNode)
        case .fault: throw fault
        }
    }
}
