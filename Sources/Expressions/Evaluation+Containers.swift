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
        case .map(let map):
            guard ValueMap.isKey(element) || element.type == .double || element.isAbsent else {
                throw EvaluationFault(.type, "a map key cannot be \(element.type.words)")
            }
            return map[element] != nil
        case .object(let object):
            guard case .string(let name) = element else {
                guard element.isAbsent || element.type.isNumber || element.type == .bool else {
                    throw EvaluationFault(.type, "a map key cannot be \(element.type.words)")
                }
                return false
            }
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

    /// The values of some children, in their order.
    mutating func values(_ first: Int, count: Int) throws(EvaluationFault) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for child in first..<first + count { values.append(try value(Int(plan.children[child]))) }
        return values
    }

    /// A map of children that are keys and values in turn.
    mutating func map(_ first: Int, count: Int) throws(EvaluationFault) -> Value {
        var map = ValueMap()
        for child in stride(from: first, to: first + count, by: 2) {
            let key = try value(Int(plan.children[child]))
            let entry = try value(Int(plan.children[child + 1]))
            if key.isAbsent { throw EvaluationFault(.absent, "") }
            guard ValueMap.isKey(key) else { throw EvaluationFault(.type, "a map key cannot be \(key.type.words)") }
            guard map.insert(entry, under: key) else { throw EvaluationFault(.key, "a map has the same key twice") }
        }
        return .map(map)
    }
}
