/// Turns a checked expression into a plan: names become slots, parts without names are computed once, lists of
/// literals behind `in` become sets, comparisons of a fact with a literal become one step.
struct Planner {
    typealias NodeID = SyntaxTree.NodeID

    let environment: Environment
    private(set) var nodes: [PlanNode] = []
    private(set) var children: [Int32] = []
    private(set) var constants: [Value] = []
    private(set) var names: [String] = []
    private(set) var functions: [Function] = []
    private(set) var patterns: [Pattern] = []
    private(set) var sets: [LiteralSet] = []
    /// What the nodes were planned from: the expression and the named conditions behind it.
    private(set) var layout = PlanLayout()
    private(set) var localCount = 0
    private(set) var sharedCount = 0
    private var checked: CheckedExpression
    private var source: Int32 = 0
    /// Where macro variables of the expression being planned begin; those of a named condition lie behind those of
    /// the expression that uses it.
    private var localBase = 0
    /// Slots in scope that belong to `cel.bind`.
    private var boundSlots: Set<Int32> = []
    /// The plan node and the slot of each named condition planned so far.
    private var shared: [Int: (body: Int32, slot: Int32)] = [:]

    private init(_ checked: CheckedExpression, in environment: Environment) {
        self.checked = checked
        self.environment = environment
    }

    /// The plan of an expression, and what its nodes were planned from. The same expression in the same environment
    /// has the same plan.
    static func plan(_ checked: CheckedExpression, in environment: Environment) -> (Plan, PlanLayout) {
        var planner = Planner(checked, in: environment)
        planner.layout.append(checked)
        planner.localCount = checked.localCount
        let root = planner.plan(checked.tree.root)
        return (Plan(planner, root: Int(root)), planner.layout)
    }

    // MARK: Building

    private mutating func add(_ node: PlanNode) -> Int32 {
        nodes.append(node)
        return Int32(nodes.count - 1)
    }

    private func make(
        _ operation: PlanNode.Operation, _ id: NodeID, a: Int32 = 0, b: Int32 = 0, c: Int32 = 0
    ) -> PlanNode {
        let offset = Int32(checked.tree[id].offset)
        return PlanNode(operation: operation, a: a, b: b, c: c, source: source, offset: offset)
    }

    private mutating func addConstant(_ value: Value) -> Int32 {
        constants.append(value)
        return Int32(constants.count - 1)
    }

    private mutating func addName(_ name: String) -> Int32 {
        names.append(name)
        return Int32(names.count - 1)
    }

    private mutating func addChildren(_ new: [Int32]) -> Int32 {
        children += new
        return Int32(children.count - new.count)
    }

    private func constant(_ node: Int32) -> Value? {
        nodes[Int(node)].operation == .constant ? constants[Int(nodes[Int(node)].a)] : nil
    }

    /// Adds a node; where all it depends on is constant it is computed now. What fails stays as it is and fails when
    /// it is reached, because the rest of the expression may decide without it.
    private mutating func addFolding(_ node: PlanNode, _ operands: [Int32]) -> Int32 {
        let added = add(node)
        guard operands.allSatisfy({ constant($0) != nil }) else { return added }
        var evaluation = Evaluation(Plan(self, root: Int(added)), Activation())
        guard let value = try? evaluation.value(Int(added)) else { return added }
        let index = addConstant(value)
        nodes[Int(added)] = PlanNode(operation: .constant, a: index, source: node.source, offset: node.offset)
        return added
    }

    // MARK: Nodes

    private mutating func plan(_ id: NodeID) -> Int32 {
        let node = planned(id)
        layout.place(id, ofSource: Int(source), at: node)
        return node
    }

    private mutating func planned(_ id: NodeID) -> Int32 {
        switch checked.tree[id].kind {
        case .literal(let value): return add(make(.constant, id, a: addConstant(value)))
        case .name(let name, _): return planName(id, name)
        case .select(let operand, let field):
            if let resolved = planResolved(id) { return resolved }
            let operand = plan(operand)
            return addFolding(make(.select, id, a: operand, b: addName(field)), [operand])
        case .hasField(let operand, let field):
            if case .host(let host) = checked.meanings[id] { return planHasHost(id, host) }
            let operand = plan(operand)
            return addFolding(make(.hasField, id, a: operand, b: addName(field)), [operand])
        case .hasName(let name):
            if case .host(let host) = checked.meanings[id] { return planHasHost(id, host) }
            return add(make(.unknown, id, a: addName(name)))
        case .index(let operand, let index):
            if let resolved = planResolved(id) { return resolved }
            let (operand, index) = (plan(operand), plan(index))
            return addFolding(make(.index, id, a: operand, b: index), [operand, index])
        case .call(let call): return planCall(id, call)
        case .unary(let operation, let operand):
            let operand = plan(operand)
            return addFolding(make(operation == .not ? .not : .negate, id, a: operand), [operand])
        case .binary(let operation, let left, let right): return planBinary(id, operation, left, right)
        case .chain(let isAnd, let terms):
            let planned = terms.map { plan($0) }
            let first = addChildren(planned)
            return addFolding(make(isAnd ? .and : .or, id, a: first, b: Int32(planned.count)), planned)
        case .conditional(let condition, let then, let otherwise):
            let parts = [plan(condition), plan(then), plan(otherwise)]
            return addFolding(make(.conditional, id, a: parts[0], b: parts[1], c: parts[2]), parts)
        case .list(let elements):
            let planned = elements.map { plan($0) }
            return addFolding(make(.list, id, a: addChildren(planned), b: Int32(planned.count)), planned)
        case .map(let entries):
            let planned = entries.flatMap { [plan($0.key), plan($0.value)] }
            return addFolding(make(.map, id, a: addChildren(planned), b: Int32(planned.count)), planned)
        case .comprehension(let comprehension): return planComprehension(id, comprehension)
        case .bind(_, let value, let body):
            let (value, slot) = (plan(value), localSlot(id))
            boundSlots.insert(slot)
            let body = plan(body)
            boundSlots.remove(slot)
            return add(make(.bind, id, a: value, b: body, c: slot))
        }
    }

    private func localSlot(_ id: NodeID) -> Int32 {
        if case .local(let slot) = checked.meanings[id] { Int32(localBase + slot) } else { 0 }
    }

    /// A node that the checker found to be a name in spite of its form, such as `event.cost`.
    private mutating func planResolved(_ id: NodeID) -> Int32? {
        switch checked.meanings[id] {
        case .host(let host): add(make(.host, id, a: Int32(host.slot)))
        case .variable(let name): add(make(.variable, id, a: addName(name)))
        case .type(let type): add(make(.constant, id, a: addConstant(.type(type))))
        default: nil
        }
    }

    private mutating func planName(_ id: NodeID, _ name: String) -> Int32 {
        if let resolved = planResolved(id) { return resolved }
        switch checked.meanings[id] {
        case .local:
            let slot = localSlot(id)
            return add(make(boundSlots.contains(slot) ? .bound : .local, id, a: slot))
        case .definition(let position): return planDefinition(id, position)
        default: return add(make(.unknown, id, a: addName(name)))
        }
    }

    private mutating func planHasHost(_ id: NodeID, _ host: HostName) -> Int32 {
        add(make(.hasHost, id, a: Int32(host.slot)))
    }

    /// Plans a named condition where it is first used. Every use refers to the same nodes, and one evaluation runs
    /// them once.
    private mutating func planDefinition(_ id: NodeID, _ position: Int) -> Int32 {
        if let known = shared[position] { return add(make(.shared, id, a: known.body, b: known.slot)) }
        let definition = environment.definitions[position].checked
        let outer = (checked, source, localBase)
        checked = definition
        source = layout.append(definition, under: position)
        // The locals of a condition never live together with those of another at the same place: a condition sees no
        // macro variable from outside, but its user's must survive it.
        localBase = localCount
        localCount += definition.localCount
        let body = plan(definition.tree.root)
        (checked, source, localBase) = outer
        let slot = Int32(sharedCount)
        sharedCount += 1
        shared[position] = (body, slot)
        return add(make(.shared, id, a: body, b: slot))
    }

    private mutating func planCall(_ id: NodeID, _ call: FunctionCall) -> Int32 {
        switch checked.meanings[id] {
        case .pattern(let pattern):
            let operand = plan(call.receiver ?? call.arguments[0])
            patterns.append(pattern)
            return addFolding(make(.matches, id, a: operand, b: Int32(patterns.count - 1)), [operand])
        case .function(let function):
            // A name space in front of the name, as in strings.quote, is no argument.
            let hasReceiver = function.isMethod ? call.receiver.map { [$0] } ?? [] : []
            let planned = (hasReceiver + call.arguments).map { plan($0) }
            functions.append(function)
            let index = Int32(functions.count - 1)
            switch function.body {
            case .one: return addFolding(make(.callOne, id, a: planned[0], c: index), planned)
            case .two:
                if let test = planTextTest(id, function, planned[0], planned[1]) { return test }
                return addFolding(make(.callTwo, id, a: planned[0], b: planned[1], c: index), planned)
            case .many:
                let first = addChildren(planned)
                return addFolding(make(.callMany, id, a: first, b: Int32(planned.count), c: index), planned)
            }
        default: return add(make(.unknown, id, a: addName(call.name)))
        }
    }

    /// A test of a fact's text for a literal as one step, or `nil` for any other call.
    private mutating func planTextTest(
        _ id: NodeID, _ function: Function, _ text: Int32, _ part: Int32
    ) -> Int32? {
        let (read, literal) = (nodes[Int(text)], nodes[Int(part)])
        guard read.operation == .host, case .string? = constant(part), let test = TextTest(function) else { return nil }
        return add(make(.testHost, id, a: read.a, b: literal.a, c: test.rawValue))
    }

    private mutating func planBinary(
        _ id: NodeID, _ operation: BinaryOperator, _ left: NodeID, _ right: NodeID
    ) -> Int32 {
        let (first, second) = (plan(left), plan(right))
        let operands = [first, second]
        if let relation = Relation(operation) {
            let (a, b) = (nodes[Int(first)], nodes[Int(second)])
            if a.operation == .host, b.operation == .constant {
                return add(make(.compareHost, id, a: a.a, b: b.a, c: relation.rawValue))
            }
            if a.operation == .constant, b.operation == .host {
                return add(make(.compareHost, id, a: b.a, b: a.a, c: relation.mirrored.rawValue))
            }
            return addFolding(make(.compare, id, a: first, b: second, c: relation.rawValue), operands)
        }
        if operation == .in, constant(first) == nil, case .list(let values) = constant(second),
            values.allSatisfy({ ScalarKey($0) != nil })
        {
            sets.append(LiteralSet(values))
            return add(make(.membershipInSet, id, a: first, b: Int32(sets.count - 1)))
        }
        return addFolding(make(Self.operation(operation), id, a: first, b: second), operands)
    }

    private static func operation(_ operation: BinaryOperator) -> PlanNode.Operation {
        switch operation {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .modulo: .modulo
        default: .membership
        }
    }

    private mutating func planComprehension(_ id: NodeID, _ comprehension: Comprehension) -> Int32 {
        let range = plan(comprehension.range)
        let filter = comprehension.filter.map { plan($0) }
        let body = plan(comprehension.body)
        let (operation, step): (PlanNode.Operation, Int32) =
            switch comprehension.kind {
            case .all: (.all, body)
            case .exists: (.exists, body)
            case .existsOne: (.existsOne, body)
            case .filter: (.filter, body)
            case .map, .transformList: filter.map { (.mapFiltered, addChildren([$0, body])) } ?? (.mapEach, body)
            case .transformMap: (.transformMap, addChildren([filter ?? -1, body]))
            case .transformMapEntry: (.transformMapEntry, addChildren([filter ?? -1, body]))
            }
        var node = make(operation, id, a: range, b: step, c: localSlot(id))
        node.isPair = comprehension.second != nil
        return add(node)
    }
}
