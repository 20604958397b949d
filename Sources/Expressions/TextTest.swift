/// The tests of a text for another one that CEL itself has, as a plan numbers them.
enum TextTest: Int32, Sendable, CaseIterable {
    case contains
    case startsWith
    case endsWith

    /// The test that a function is, `nil` for every other function.
    init?(_ function: Function) {
        guard function.isMethod, function.arity == 2 else { return nil }
        guard let test = Self.allCases.first(where: { $0.name == function.name }) else { return nil }
        self = test
    }

    /// The name of its function.
    var name: String {
        switch self {
        case .contains: "contains"
        case .startsWith: "startsWith"
        case .endsWith: "endsWith"
        }
    }

    /// Whether the test holds for a text, by code points; throws a fault of class type where one of the two is no text,
    /// and one of class budget where the search costs more than is left.
    func holds(_ value: Value, _ part: Value, _ budget: inout StepBudget) throws(EvaluationFault) -> Bool {
        guard case .string(let text) = value, case .string(let part) = part else {
            throw Function.mismatch(name, value, part)
        }
        switch self {
        case .contains:
            try budget.pay(bytes: text.utf8.count)
            return TextSearch.contains(text, part)
        case .startsWith: return text.utf8.starts(with: part.utf8)
        case .endsWith:
            return text.utf8.count >= part.utf8.count
                && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
        }
    }
}

extension Evaluation {
    /// A fact's text tested for a literal, as conditions do most often beside comparing: what a call of the function
    /// comes to, without the call.
    mutating func testHost(_ node: PlanNode, _ index: Int) -> Truth {
        let slot = Int(node.a)
        if activation.slots[slot].isAbsent {
            absentNode = Int32(truncatingIfNeeded: index)
            return .absent
        }
        // A plan holds no other number.
        guard let test = TextTest(rawValue: node.c) else { return .fault }
        do {
            return Truth(try test.holds(activation.slots[slot], plan.constants[Int(node.b)], &budget))
        } catch {
            return unknown(error, index)
        }
    }
}
