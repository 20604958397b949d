extension Evaluation {
    /// What a macro walks: the elements of a list or the keys of a map; with two variables, the elements beside their
    /// indexes or the values beside their keys.
    private struct Range {
        let first: [Value]
        let second: [Value]?
    }

    private mutating func range(_ node: PlanNode) throws(EvaluationFault) -> Range {
        let index = Int(node.a)
        let range = try value(index)
        if let elements = range.elements {
            guard node.isPair else { return Range(first: elements, second: nil) }
            return Range(first: elements.indices.map { .int(Int64($0)) }, second: elements)
        }
        if let entries = range.entries {
            return Range(first: entries.map(\.key), second: node.isPair ? entries.map(\.value) : nil)
        }
        throw range.isAbsent
            ? EvaluationFault(.absent, "").at(Int32(truncatingIfNeeded: index))
            : EvaluationFault(.type, "a macro walks a list or a map, not \(range.type.words)")
    }

    /// `all` and `exists`, which are a long `&&` and a long `||`.
    mutating func walk(_ node: PlanNode, _ index: Int, decides: Truth) -> Truth {
        let range: Range
        do {
            range = try self.range(node)
        } catch {
            return unknown(error, index)
        }
        var result: Truth = decides == .no ? .yes : .no
        var kept: (fault: EvaluationFault?, absentNode: Int32) = (nil, 0)
        for place in range.first.indices {
            guard budget.take() else { return unknown(StepBudget.fault, index) }
            step(to: place, of: range, node)
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
        let range = try range(node)
        for place in range.first.indices {
            guard budget.take() else { throw StepBudget.fault }
            step(to: place, of: range, node)
            if try isTrue(Int(node.b)) { count += 1 }
        }
        return count == 1
    }

    /// `map`, `filter` and `transformList`.
    mutating func collect(_ node: PlanNode) throws(EvaluationFault) -> [Value] {
        var result: [Value] = []
        let isFiltered = node.operation == .mapFiltered
        let body = isFiltered ? Int(plan.children[Int(node.b) + 1]) : Int(node.b)
        let range = try range(node)
        for place in range.first.indices {
            guard budget.take() else { throw StepBudget.fault }
            step(to: place, of: range, node)
            if node.operation == .filter {
                if try isTrue(body) { result.append(range.first[place]) }
            } else {
                if isFiltered, !(try isTrue(Int(plan.children[Int(node.b)]))) { continue }
                result.append(try value(body))
            }
        }
        return result
    }

    /// `transformMap`, which keeps the keys, and `transformMapEntry`, whose steps make the entries.
    mutating func transform(_ node: PlanNode) throws(EvaluationFault) -> ValueMap {
        var result = ValueMap()
        let (filter, body) = (Int(plan.children[Int(node.b)]), Int(plan.children[Int(node.b) + 1]))
        let range = try range(node)
        for place in range.first.indices {
            guard budget.take() else { throw StepBudget.fault }
            step(to: place, of: range, node)
            if filter >= 0, !(try isTrue(filter)) { continue }
            let made = try value(body)
            guard node.operation == .transformMapEntry else {
                _ = result.insert(made, under: range.first[place])
                continue
            }
            guard let entries = made.entries else {
                throw made.isAbsent
                    ? EvaluationFault(.absent, "")
                    : EvaluationFault(.type, "transformMapEntry makes maps, not \(made.type.words)")
            }
            try budget.pay(elements: entries.count)
            for entry in entries where !result.insert(entry.value, under: entry.key) {
                throw EvaluationFault(.key, "transformMapEntry made the same key twice")
            }
        }
        return result
    }

    /// Gives the variables of a macro their values for one step.
    private mutating func step(to place: Int, of range: Range, _ node: PlanNode) {
        locals[Int(node.c)] = range.first[place]
        if let second = range.second { locals[Int(node.c) + 1] = second[place] }
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
