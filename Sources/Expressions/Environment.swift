/// What expressions may refer to beyond literals: the facts of an event, and conditions that a configuration names
/// under `let:`.
package struct Environment: Sendable {
    /// A named condition with its meaning resolved.
    struct Definition: Sendable {
        /// The name that expressions refer to it by.
        let name: String
        let checked: CheckedExpression
    }

    private(set) var definitions: [Definition] = []
    private(set) var positions: [String: Int] = [:]
    /// Variables whose values an `Activation` brings under their names; a name may have dots.
    private(set) var variables: Set<String> = []
    /// The types of variables, of which those are any that are not named here.
    private(set) var variableTypes: [String: StaticType] = [:]
    /// Whether unknown names and types that cannot work are refused when compiling. Without, they fail when they are
    /// reached, as CEL without a checker does.
    let isChecked: Bool
    /// Whether the facts of an event are in scope.
    let knowsFacts: Bool
    /// The name space that short names are looked for in, such as `com.example`; empty for none.
    let container: String
    let functions = FunctionTable.standard

    /// The names every rule sees: all facts, `event`, `source`, `received_at`.
    package init() {
        isChecked = true
        knowsFacts = true
        container = ""
    }

    /// The names every rule sees, and variables beside them, which hide facts of the same name.
    ///
    /// - Parameter types: The names that an `Activation` will bring values for, and of which types these are.
    package init(beside types: [String: StaticType]) {
        self.init()
        variables = Set(types.keys)
        variableTypes = types
    }

    /// Plain CEL without the facts of an event.
    ///
    /// - Parameters:
    ///   - variables: The names that an `Activation` will bring values for.
    ///   - isChecked: Whether unknown names and wrong types are refused when compiling or fail when they are reached.
    ///   - container: The name space that short names are looked for in first.
    package init(variables: some Sequence<String>, isChecked: Bool = true, container: String = "") {
        self.variables = Set(variables)
        self.container = container
        self.isChecked = isChecked
        knowsFacts = false
    }

    /// Adds one named condition, which may refer to those added before.
    ///
    /// Throws when the name is taken by a fact or another condition or is no name, and when the condition is faulty or
    /// refers to itself.
    package mutating func define(_ name: String, as source: ExpressionSource) throws(Diagnostics) {
        try define([(name, source)])
    }

    /// Adds named conditions that may refer to each other in any order; throws everything that is wrong with them,
    /// circles included. Nothing is added when anything is wrong.
    package mutating func define(
        _ conditions: [(name: String, source: ExpressionSource)]
    ) throws(Diagnostics) {
        var sorter = DefinitionSorter(environment: self)
        for condition in conditions { sorter.add(condition.name, condition.source) }
        let (order, found) = sorter.sorted()
        var extended = self
        // Conditions that could not be read or ordered have their own finding; who refers to them needs no second one.
        let ordered = Set(order.map(\.name))
        extended.variables.formUnion(conditions.map(\.name).filter { !ordered.contains($0) })
        var diagnostics = Diagnostics(found)
        for (name, tree) in order {
            let (checked, more) = Checker.check(tree, in: extended)
            diagnostics.append(contentsOf: more)
            extended.add(name, checked)
        }
        if diagnostics.hasErrors { throw diagnostics }
        self = extended
    }

    /// What a name may stand for, in the order in which it is looked for: within the container and within what is
    /// around it, then alone (langdef, "Name Resolution").
    func candidates(for name: String, isAbsolute: Bool) -> [String] {
        guard !isAbsolute, !container.isEmpty else { return [name] }
        let parts = container.split(separator: ".")
        return (0...parts.count).reversed().map { (parts[..<$0] + [name[...]]).joined(separator: ".") }
    }

    private mutating func add(_ name: String, _ checked: CheckedExpression) {
        positions[name] = definitions.count
        definitions.append(Definition(name: name, checked: checked))
    }
}
