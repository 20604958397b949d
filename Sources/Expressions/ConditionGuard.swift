/// One term of a condition's outermost `&&` that can rule the condition out by looking at a single fact.
enum ConditionGuard {
    /// True only where the fact is one of these literals. An absent fact is none of them: `==` with it is false.
    case equal(slot: Int, literals: [LiteralKey])
    /// True only where the fact is true; false rules it out, anything else does not.
    case isTrue(slot: Int)
    /// True only where the number is not below `limit` (`isLower` false), or not above it.
    case bound(slot: Int, limit: Double, isUpper: Bool)

    /// The better one rules out more.
    private var rank: Int {
        switch self {
        case .equal: 0
        case .isTrue: 1
        case .bound: 2
        }
    }

    /// The best of a plan's terms, or `nil` where none can be used. Where a term is false the whole condition is false,
    /// whatever the others come to, so an event that the guard rules out makes neither a match nor a fault.
    init?(_ plan: Plan) {
        var best: ConditionGuard?
        for term in Self.terms(of: plan) {
            guard let found = ConditionGuard(term: plan.nodes[term], in: plan) else { continue }
            if best.map({ found.rank < $0.rank }) ?? true { best = found }
        }
        guard let best else { return nil }
        self = best
    }

    /// The terms of the outermost `&&`, through named conditions and nested ones.
    private static func terms(of plan: Plan) -> [Int] {
        var terms: [Int] = []
        var open = [plan.root]
        while let index = open.popLast() {
            let node = plan.nodes[index]
            switch node.operation {
            case .and: open += plan.children[Int(node.a)..<Int(node.a + node.b)].map(Int.init)
            case .shared: open.append(Int(node.a))
            default: terms.append(index)
            }
        }
        return terms.sorted()
    }

    private init?(term node: PlanNode, in plan: Plan) {
        switch node.operation {
        case .host:
            self = .isTrue(slot: Int(node.a))
        case .compareHost:
            self.init(comparing: Int(node.a), with: plan.constants[Int(node.b)], relation: node.c)
        case .membershipInSet:
            let element = plan.nodes[Int(node.a)]
            guard element.operation == .host else { return nil }
            let keys = plan.sets[Int(node.b)].literals.map { LiteralKey($0) }
            guard !keys.contains(nil) else { return nil }
            self = .equal(slot: Int(element.a), literals: keys.compactMap { $0 })
        default: return nil
        }
    }

    private init?(comparing slot: Int, with literal: Value, relation: Int32) {
        switch Relation(rawValue: relation) {
        case .equal:
            guard let key = LiteralKey(literal) else { return nil }
            self = .equal(slot: slot, literals: [key])
        case .greater, .greaterOrEqual:
            guard let limit = Self.number(literal) else { return nil }
            self = .bound(slot: slot, limit: limit, isUpper: false)
        case .less, .lessOrEqual:
            guard let limit = Self.number(literal) else { return nil }
            self = .bound(slot: slot, limit: limit, isUpper: true)
        case .notEqual, nil: return nil
        }
    }

    /// A number that a double holds exactly: with a rounded one a bound could rule out what it must not.
    private static func number(_ literal: Value) -> Double? {
        switch literal {
        case .int(let number): Double(exactly: number)
        case .uint(let number): Double(exactly: number)
        case .double(let number): number.isNaN ? nil : number
        default: nil
        }
    }
}

/// A literal as the key of a table, the same for all numbers that are equal. Texts that look the same count as the
/// same: a candidate too many does no harm.
enum LiteralKey: Hashable, Sendable {
    case text(String)
    case whole(Int64)
    case fraction(Double)
    case flag(Bool)

    /// `nil` for a value that has no such key; what is equal to a literal that has one, has the same one.
    init?(_ value: Value) {
        switch value {
        case .string(let text) where !text.isEmpty: self = .text(text)
        case .int(let number): self = .whole(number)
        case .uint(let number):
            guard let whole = Int64(exactly: number) else { return nil }
            self = .whole(whole)
        case .double(let number):
            guard number.isFinite else { return nil }
            self = Int64(exactly: number).map { .whole($0) } ?? .fraction(number)
        case .bool(let flag): self = .flag(flag)
        default: return nil
        }
    }
}
