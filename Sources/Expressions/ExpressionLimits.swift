/// How large an expression and its evaluation may grow. Every bound is met with an error that names it, never with a
/// hang or a trap: expressions come from configuration files, and texts they work on come from strangers.
package enum ExpressionLimits {
    /// The longest expression, in Unicode scalars.
    package static let sourceScalarsMax = 10_000
    /// How deep parentheses, lists, maps, calls, `?:` and signs may be nested.
    package static let nestingMax = 64
    /// The longest chain of operators or selections that lean on each other, such as `a + b + c` or `a.b.c`.
    package static let chainMax = 250
    /// The most nodes of the syntax tree of one expression.
    package static let nodesMax = 2_000
    /// How deep the macros `all`, `exists`, `exists_one`, `map` and `filter` may stand inside each other.
    package static let macroNestingMax = 2
    /// The most evaluation steps of one expression for one event. Long texts and lists cost more than one step.
    package static let stepsMax = 100_000
    /// The longest regular expression, in Unicode scalars.
    package static let patternScalarsMax = 1_000
    /// The most memory that one compiled regular expression and its automata may take, in bytes (1 MiB).
    package static let patternMemoryBytesMax = 1 << 20
    /// The longest text or byte sequence that an evaluation may make, in bytes (1 MiB).
    package static let resultBytesMax = 1 << 20
    /// The most findings reported for one expression.
    package static let diagnosticsMax = 50
    /// How deep an expression may be together with the `let` conditions behind it: what evaluation needs of the stack.
    package static let evaluationDepthMax = 500
}
