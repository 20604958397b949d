/// What runs: nodes in one array, each a few numbers, with every name, function and pattern resolved. Running it
/// allocates nothing for comparisons, and freeing it needs no recursion.
final class Plan: Sendable {
    let nodes: [PlanNode]
    /// Children of nodes with any number of them.
    let children: [Int32]
    let constants: [Value]
    /// Field names and names of variables.
    let names: [String]
    let functions: [Function]
    let patterns: [Pattern]
    let sets: [LiteralSet]
    let root: Int
    /// How many variables of macros live at once at most.
    let localCount: Int
    /// How many named conditions keep their result during an evaluation.
    let sharedCount: Int

    init(_ builder: Planner, root: Int) {
        nodes = builder.nodes
        children = builder.children
        constants = builder.constants
        names = builder.names
        functions = builder.functions
        patterns = builder.patterns
        sets = builder.sets
        localCount = builder.localCount
        sharedCount = builder.sharedCount
        self.root = root
    }
}

/// One step of a plan. What `a`, `b` and `c` are depends on the operation.
struct PlanNode: Sendable {
    /// The operations; children are indexes of nodes unless said otherwise.
    enum Operation: UInt8, Sendable {
        /// `a`: index of a constant.
        case constant
        /// `a`: slot of the activation.
        case host
        /// `a`: slot of a macro's variable.
        case local
        /// `a`: slot of a variable of `cel.bind`, whose value may have failed.
        case bound
        /// `a`: index of the variable's name.
        case variable
        /// `a`: operand, `b`: index of the field's name.
        case select
        /// As `select`, whether the field is there.
        case hasField
        /// `a`: slot of the activation, whether it is not absent.
        case hasHost
        /// `a`: operand, `b`: index.
        case index
        /// `a`: operand.
        case not
        case negate
        /// `a`: first of the children, `b`: how many.
        case and
        case or
        /// `a`: condition, `b`: then, `c`: otherwise.
        case conditional
        /// `a`, `b`: sides, `c`: `Relation`.
        case compare
        /// `a`: slot of the activation, `b`: index of a constant, `c`: `Relation`.
        case compareHost
        /// `a`: slot of the activation, `b`: index of a constant text, `c`: `TextTest`.
        case testHost
        /// `a`, `b`: sides.
        case add
        case subtract
        case multiply
        case divide
        case modulo
        /// `a`: element, `b`: container.
        case membership
        /// `a`: element, `b`: index of a set.
        case membershipInSet
        /// `a`: first of the children, `b`: how many.
        case list
        /// `a`: first of the children, `b`: how many; keys and values in turn.
        case map
        /// `a`: argument, `c`: index of the function.
        case callOne
        /// `a`, `b`: arguments, `c`: index of the function.
        case callTwo
        /// `a`: first of the children, `b`: how many, `c`: index of the function.
        case callMany
        /// `a`: operand, `b`: index of a pattern.
        case matches
        /// `a`: range, `b`: body, `c`: slot of the variable.
        case all
        case exists
        case existsOne
        case filter
        /// `a`: range, `b`: body, `c`: slot of the variable.
        case mapEach
        /// `a`: range, `b`: first of two children, filter and body, `c`: slot of the variable.
        case mapFiltered
        /// `a`: range, `b`: first of two children, filter (-1 for none) and body, `c`: slot of the first variable.
        case transformMap
        case transformMapEntry
        /// `a`: value, `b`: body, `c`: slot of the variable.
        case bind
        /// `a`: body, `b`: slot of the kept result. The result of a named condition is computed once.
        case shared
        /// `a`: index of the name. Nothing stands for it.
        case unknown

        /// Whether the operation can only be true, false or unknown, and `truth` answers it.
        var isTruth: Bool {
            switch self {
            case .compareHost, .testHost, .compare, .and, .or, .not, .hasHost, .hasField, .membership, .membershipInSet,
                .matches, .all, .exists, .existsOne:
                true
            default: false
            }
        }
    }

    var operation: Operation
    /// Whether a macro has a second variable, in the slot behind the first one.
    var isPair = false
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    /// Which source of the program the node comes from, and where in it.
    var source: Int32 = 0
    var offset: Int32 = 0
}

/// The comparisons, as a plan numbers them.
enum Relation: Int32, Sendable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual

    init?(_ operation: BinaryOperator) {
        switch operation {
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        default: return nil
        }
    }

    /// The relation with its sides exchanged.
    var mirrored: Relation {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// The relation that holds where this one does not, NaN and missing values aside.
    var opposite: Relation {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        }
    }

    /// Whether the relation holds between two numbers of one type; none but `!=` holds for NaN.
    @inline(__always)
    func holds<T: Comparable>(_ left: T, _ right: T) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    /// Whether the relation holds for two values in this order; none but `!=` holds for NaN.
    func holds(_ order: ValueOrder) -> Bool {
        switch self {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .less: order == .less
        case .lessOrEqual: order == .less || order == .equal
        case .greater: order == .greater
        case .greaterOrEqual: order == .greater || order == .equal
        }
    }
}
