/// The syntax of one expression: nodes in one array, children before parents, each with its place in the text.
///
/// An array instead of a tree of objects: freeing it needs no recursion, and every later phase keeps what it finds out
/// in an array of the same length.
struct SyntaxTree: Sendable {
    typealias NodeID = Int

    let source: ExpressionSource
    private(set) var nodes: [SyntaxNode] = []
    var root: NodeID = 0

    init(source: ExpressionSource) {
        self.source = source
    }

    /// The node with this index.
    subscript(id: NodeID) -> SyntaxNode { nodes[id] }

    /// Adds a node whose children were added before.
    mutating func append(_ node: SyntaxNode) -> NodeID {
        nodes.append(node)
        return nodes.count - 1
    }

    /// The text that a node was read from.
    func text(of id: NodeID) -> String {
        let scalars = source.text.unicodeScalars.dropFirst(nodes[id].offset).prefix(nodes[id].length)
        return String(String.UnicodeScalarView(scalars))
    }
}

/// One node of the syntax tree.
struct SyntaxNode: Sendable {
    typealias ID = SyntaxTree.NodeID

    /// What a node is. Macros are expanded by the parser: no later phase knows their names.
    enum Kind: Sendable {
        case literal(Value)
        /// A name; with a dot in front it means a variable even where a macro binds the same name.
        case name(String, isAbsolute: Bool)
        case select(operand: ID, field: String)
        /// `has(operand.field)`
        case hasField(operand: ID, field: String)
        /// `has(cost)`: whether a fact is present.
        case hasName(String)
        case index(operand: ID, index: ID)
        case call(FunctionCall)
        case unary(UnaryOperator, ID)
        case binary(BinaryOperator, ID, ID)
        /// A chain of `&&` or of `||`, as flat as it was written.
        case chain(isAnd: Bool, terms: [ID])
        case conditional(ID, then: ID, otherwise: ID)
        case list([ID])
        case map([(key: ID, value: ID)])
        case comprehension(Comprehension)
        /// `cel.bind(variable, value, body)`
        case bind(variable: String, value: ID, body: ID)
    }

    let kind: Kind
    /// The nodes directly below, in the order of the text.
    var children: [ID] {
        switch kind {
        case .literal, .name, .hasName: []
        case .select(let operand, _), .hasField(let operand, _), .unary(_, let operand): [operand]
        case .index(let operand, let index): [operand, index]
        case .call(let call): (call.receiver.map { [$0] } ?? []) + call.arguments
        case .binary(_, let left, let right): [left, right]
        case .chain(_, let terms): terms
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .list(let elements): elements
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .comprehension(let comprehension):
            [comprehension.range] + (comprehension.filter.map { [$0] } ?? []) + [comprehension.body]
        case .bind(_, let value, let body): [value, body]
        }
    }

    /// Where the node begins, in scalars from the start of the expression.
    let offset: Int
    /// How many scalars it has.
    let length: Int
    /// The longest way down to a leaf, 1 for a leaf.
    let depth: Int
}

/// A call of a function or method.
struct FunctionCall: Sendable {
    let name: String
    /// Where the name begins, in scalars from the start of the expression.
    let nameOffset: Int
    let receiver: SyntaxNode.ID?
    let arguments: [SyntaxNode.ID]

    /// The scalars of the name.
    var place: Range<Int> { nameOffset..<nameOffset + name.unicodeScalars.count }
}

/// A macro that walks a list or a map.
struct Comprehension: Sendable {
    /// The macro, by its name in the language.
    enum Kind: String, Sendable {
        case all
        case exists
        case existsOne = "exists_one"
        case map
        case filter
        case transformList
        case transformMap
        case transformMapEntry

        /// The macro of this name; `exists_one` has a second spelling.
        init?(name: String) {
            self.init(rawValue: name == "existsOne" ? "exists_one" : name)
        }

        /// With how many arguments it has one variable: an element, or the key of a map.
        var singleCounts: [Int] {
            switch self {
            case .all, .exists, .existsOne, .filter: [2]
            case .map: [2, 3]
            case .transformList, .transformMap, .transformMapEntry: []
            }
        }

        /// With how many arguments it has two: index and element, or key and value.
        var pairCounts: [Int] {
            switch self {
            case .all, .exists, .existsOne: [3]
            case .map, .filter: []
            case .transformList, .transformMap, .transformMapEntry: [3, 4]
            }
        }
    }

    let kind: Kind
    let range: SyntaxNode.ID
    let variable: String
    /// The second variable, of the forms that have one: the element beside its index, the value beside its key.
    let second: String?
    /// The condition in front of what `map` and its kin make of an element.
    let filter: SyntaxNode.ID?
    let body: SyntaxNode.ID
}

/// `!` and the sign.
enum UnaryOperator: String, Sendable {
    case not = "!"
    case negate = "-"
}

/// The operators with two sides, without `&&` and `||`.
enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in`

    var isArithmetic: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .modulo: true
        default: false
        }
    }

    /// `<` and its kin, without equality.
    var isOrder: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }
}
