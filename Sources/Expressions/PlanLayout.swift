/// Which node of a plan was made of which part of the text, for the expression and the named conditions behind it.
struct PlanLayout: Sendable {
    /// The expression, and the named conditions in the order of their first use: what `PlanNode.source` counts.
    private(set) var expressions: [CheckedExpression] = []
    /// Parallel to `expressions`: the plan node of every syntax node, or -1 where it needed none.
    private(set) var nodes: [[Int32]] = []
    /// The index among `expressions` of a named condition, by its position in the environment.
    private(set) var definitions: [Int: Int] = [:]

    /// The texts that nodes of the plan point into.
    var sources: [ExpressionSource] { expressions.map(\.tree.source) }

    /// Takes an expression before its nodes are planned, and returns its index.
    ///
    /// - Parameter position: Of the named condition that it is.
    @discardableResult
    mutating func append(_ checked: CheckedExpression, under position: Int? = nil) -> Int32 {
        if let position { definitions[position] = expressions.count }
        expressions.append(checked)
        nodes.append(Array(repeating: -1, count: checked.tree.nodes.count))
        return Int32(expressions.count - 1)
    }

    /// Notes the plan node of a syntax node.
    mutating func place(_ id: SyntaxTree.NodeID, ofSource source: Int, at node: Int32) {
        nodes[source][id] = node
    }
}
