/// Finds out what every name means and, as far as the facts' types tell, what every node's type is. Refuses what can
/// never work, so that a mistake shows when the rules load and not with the first event.
struct Checker {
    typealias NodeID = SyntaxTree.NodeID

    let tree: SyntaxTree
    let environment: Environment
    private(set) var diagnostics: [Diagnostic] = []
    var meanings: [Meaning]
    var types: [StaticType]
    /// Variables of macros in scope, the innermost last.
    var scopes: [String] = []
    private(set) var localCount = 0
    /// Names of facts in the order met.
    private(set) var facts: [String] = []
    /// Facts that some `has` asks for, which are no cause for a warning about `!=`.
    var guardedFacts: Set<String> = []
    var inequalities: [Inequality] = []

    /// What a node's name, function or literal was found to mean.
    enum Meaning: Sendable {
        /// Nothing beyond what the syntax says.
        case none
        case host(HostName)
        case local(slot: Int)
        case variable(String)
        case definition(Int)
        case type(ValueType)
        case function(Function)
        case pattern(Pattern)
        /// Nothing stands for it; fails when it is reached.
        case unknown
    }

    /// A `!=` with a fact that may be missing, kept until it is known whether a `has` guards it.
    struct Inequality {
        let node: NodeID
        let fact: String
    }

    init(_ tree: SyntaxTree, in environment: Environment) {
        self.tree = tree
        self.environment = environment
        meanings = Array(repeating: .none, count: tree.nodes.count)
        types = Array(repeating: .any, count: tree.nodes.count)
    }

    /// Checks a whole tree.
    static func check(_ tree: SyntaxTree, in environment: Environment) -> (CheckedExpression, [Diagnostic]) {
        var checker = Checker(tree, in: environment)
        checker.check(tree.root)
        checker.warnOfInequalities()
        let depth = checker.evaluationDepth
        if depth > ExpressionLimits.evaluationDepthMax {
            checker.report("together with the named conditions behind it the expression is too deep", at: tree.root)
        }
        let checked = CheckedExpression(
            tree: tree, meanings: checker.meanings, types: checker.types, localCount: checker.localCount,
            facts: checker.facts, paths: checker.selectedPaths(), depth: depth
        )
        return (checked, checker.diagnostics)
    }

    /// How deep evaluation goes at most, through named conditions too.
    private var evaluationDepth: Int {
        let behind = meanings.map { meaning in
            if case .definition(let position) = meaning { environment.definitions[position].checked.depth } else { 0 }
        }
        return tree[tree.root].depth + (behind.max() ?? 0)
    }

    // MARK: Findings

    /// Notes a finding about a node, or about the scalars of `place`; nothing where checks are off.
    mutating func report(
        _ message: String, at id: NodeID, hint: String? = nil, severity: Diagnostic.Severity = .error,
        place: Range<Int>? = nil
    ) {
        guard environment.isChecked, diagnostics.count < ExpressionLimits.diagnosticsMax else { return }
        let node = tree[id]
        diagnostics.append(
            Diagnostic(
                severity: severity, in: tree.source, offset: place?.lowerBound ?? node.offset,
                length: place?.count ?? node.length, message: message, hint: hint
            )
        )
    }

    /// A node in the words of a message: its own text where that is short.
    func words(_ id: NodeID) -> String {
        let text = tree.text(of: id)
        let isShort = text.unicodeScalars.count <= 40 && !text.utf8.contains(UInt8(ascii: "\n"))
        guard isShort else { return "this" }
        return text.utf8.first == UInt8(ascii: "\"") || text.utf8.first == UInt8(ascii: "'") ? text : "\"\(text)\""
    }

    /// Notes a fact for the list of those that the expression needs.
    mutating func mention(_ fact: String) {
        if !facts.contains(fact) { facts.append(fact) }
    }

    /// Notes a name of the event; only facts are listed, not `event`, `source` and `received_at`.
    mutating func mention(_ host: HostName) {
        if case .fact = host { mention(host.name) }
    }

    /// Runs `body` with `variable` in scope and returns its slot.
    mutating func withLocal(_ variable: String, _ body: (inout Checker) -> Void) -> Int {
        let slot = scopes.count
        scopes.append(variable)
        localCount = max(localCount, scopes.count)
        body(&self)
        scopes.removeLast()
        return slot
    }

    // MARK: Nodes

    /// Checks a node after everything below it.
    mutating func check(_ id: NodeID) {
        switch tree[id].kind {
        case .literal(let value): types[id] = .known(value.type)
        case .name(let name, let isAbsolute): checkName(id, name, isAbsolute: isAbsolute)
        case .select(let operand, let field): checkSelect(id, operand: operand, field: field)
        case .hasField(let operand, let field): checkHas(id, operand: operand, field: field)
        case .hasName(let name): checkHasName(id, name)
        case .index(let operand, let index): checkIndex(id, operand: operand, index: index)
        case .call(let call): checkCall(id, call)
        case .unary(let operation, let operand): checkUnary(id, operation, operand)
        case .binary(let operation, let left, let right): checkBinary(id, operation, left, right)
        case .chain(let isAnd, let terms): checkChain(id, isAnd: isAnd, terms)
        case .conditional(let condition, let then, let otherwise):
            check(condition)
            expectTruth(condition, of: "?:")
            check(then)
            check(otherwise)
            types[id] = types[then].joined(types[otherwise])
        case .list(let elements):
            for element in elements { check(element) }
            types[id] = .list
        case .map(let entries): checkMap(id, entries)
        case .comprehension(let comprehension): checkComprehension(id, comprehension)
        case .bind(let variable, let value, let body):
            check(value)
            let slot = withLocal(variable) { $0.check(body) }
            meanings[id] = .local(slot: slot)
            types[id] = types[body]
        }
    }

    private mutating func checkMap(_ id: NodeID, _ entries: [(key: NodeID, value: NodeID)]) {
        for (key, value) in entries {
            check(key)
            check(value)
            if let type = types[key].valueType, ![.int, .uint, .bool, .string].contains(type) {
                report("a map key cannot be \(type.words)", at: key, hint: "keys are whole numbers, texts or booleans")
            }
        }
        types[id] = .map
    }

    private mutating func checkComprehension(_ id: NodeID, _ comprehension: Comprehension) {
        check(comprehension.range)
        if let type = types[comprehension.range].valueType, type != .list, type != .map {
            let (macro, range) = (comprehension.kind.rawValue, words(comprehension.range))
            report("\(macro) walks a list or a map, but \(range) is \(type.words)", at: comprehension.range)
        }
        let slot = withLocal(comprehension.variable) { checker in
            if let second = comprehension.second {
                _ = checker.withLocal(second) { $0.checkSteps(of: comprehension) }
            } else {
                checker.checkSteps(of: comprehension)
            }
        }
        meanings[id] = .local(slot: slot)
        switch comprehension.kind {
        case .all, .exists, .existsOne: types[id] = .bool
        case .map, .filter, .transformList: types[id] = .list
        case .transformMap, .transformMapEntry: types[id] = .map
        }
    }

    /// Checks what a macro does with each element, its variables in scope.
    private mutating func checkSteps(of comprehension: Comprehension) {
        if let filter = comprehension.filter {
            check(filter)
            expectTruth(filter, of: comprehension.kind.rawValue)
        }
        check(comprehension.body)
        switch comprehension.kind {
        case .all, .exists, .existsOne, .filter: expectTruth(comprehension.body, of: comprehension.kind.rawValue)
        case .map, .transformList, .transformMap: break
        case .transformMapEntry:
            guard let type = types[comprehension.body].valueType, type != .map else { return }
            report(
                "transformMapEntry makes maps, but \(words(comprehension.body)) is \(type.words)",
                at: comprehension.body)
        }
    }

    /// Warns where a comparison by `!=` is true for an event that lacks the fact, unless a `has` in the same
    /// expression shows that the writer knows.
    private mutating func warnOfInequalities() {
        for inequality in inequalities where !guardedFacts.contains(inequality.fact) {
            report(
                "this is also true for an event without \"\(inequality.fact)\"", at: inequality.node,
                hint: "if that is not meant, write has(\(inequality.fact)) and \(tree.text(of: inequality.node))",
                severity: .warning
            )
        }
    }
}

/// A syntax tree with the meaning and type of every node.
struct CheckedExpression: Sendable {
    let tree: SyntaxTree
    let meanings: [Checker.Meaning]
    let types: [StaticType]
    /// How many variables of macros are in scope at once at most.
    let localCount: Int
    /// Names of facts in the order met, through named conditions too.
    let facts: [String]
    /// The members selected behind names of the event, through named conditions too.
    let paths: [SelectedPath]
    /// How deep evaluation goes at most, through named conditions too.
    let depth: Int

    var rootType: StaticType { types[tree.root] }
}
