/// One function of the language, for one name, one way of calling and one number of arguments. A class, because every
/// call of a copy would count references for each of its parts.
final class Function: Sendable {
    /// One combination of types that the function takes; a receiver is the first of them.
    struct Overload: Sendable {
        let parameters: [StaticType]
        let result: StaticType

        /// The type of the value at a place; what follows the last one named is like it.
        func parameter(_ position: Int) -> StaticType {
            parameters[min(position, parameters.count - 1)]
        }
    }

    typealias Body0 = @Sendable (inout StepBudget) throws(EvaluationFault) -> Value
    typealias Body1 = @Sendable (Value, inout StepBudget) throws(EvaluationFault) -> Value
    typealias Body2 = @Sendable (Value, Value, inout StepBudget) throws(EvaluationFault) -> Value
    typealias BodyN = @Sendable ([Value], inout StepBudget) throws(EvaluationFault) -> Value

    /// What runs. The forms for one and two arguments need no array, and so no memory, for a call.
    enum Body: Sendable {
        case one(Body1)
        case two(Body2)
        case many(BodyN)
    }

    /// The name, with its name space where it has one, such as `strings.quote`.
    let name: String
    /// Whether it is called as `receiver.name(…)`.
    let isMethod: Bool
    let overloads: [Overload]
    /// Whether absent arguments reach the body. All other functions fail with a fault of class absent.
    let takesAbsent: Bool
    /// Whether more values than an overload names may follow, each of the type of the last one.
    let isVariadic: Bool
    let body: Body

    /// How many values the body takes, the receiver included; of a variadic function the least number.
    var arity: Int { overloads[0].parameters.count }

    init(
        _ name: String, isMethod: Bool = false, takesAbsent: Bool = false, isVariadic: Bool = false,
        _ overloads: [([StaticType], StaticType)], _ body: Body
    ) {
        self.name = name
        self.isMethod = isMethod
        self.takesAbsent = takesAbsent
        self.isVariadic = isVariadic
        self.overloads = overloads.map { Overload(parameters: $0.0, result: $0.1) }
        self.body = body
    }

    /// The fault of a call with types that no overload has.
    static func mismatch(_ name: String, _ arguments: Value...) -> EvaluationFault {
        let types = arguments.map { $0.type.words }.joined(separator: " and ")
        return EvaluationFault(.type, "\(name) does not take \(types)")
    }
}

/// All functions by name, way of calling and number of arguments.
struct FunctionTable: Sendable {
    private struct Key: Hashable {
        let name: String
        let isMethod: Bool
        let arity: Int
    }

    private let functions: [Key: Function]
    /// Those that take any number of values, by name.
    private let variadic: [String: Function]
    private let names: [Bool: [String]]

    init(_ functions: [Function]) {
        var table: [Key: Function] = [:]
        for function in functions {
            table[Key(name: function.name, isMethod: function.isMethod, arity: function.arity)] = function
        }
        self.functions = table
        variadic = Dictionary(functions.filter(\.isVariadic).map { ($0.name, $0) }) { first, _ in first }
        names = Dictionary(grouping: functions, by: \.isMethod).mapValues { group in group.map(\.name) }
    }

    /// The function called so, where `arity` counts a receiver too.
    func function(_ name: String, isMethod: Bool, arity: Int) -> Function? {
        if let exact = functions[Key(name: name, isMethod: isMethod, arity: arity)] { return exact }
        return variadic[name].flatMap { $0.isMethod == isMethod && arity >= $0.arity ? $0 : nil }
    }

    /// The numbers of arguments, without the receiver, that a function of this name can be called with.
    func arities(_ name: String, isMethod: Bool) -> [Int] {
        functions.keys.filter { $0.name == name && $0.isMethod == isMethod }
            .map { isMethod ? $0.arity - 1 : $0.arity }.sorted()
    }

    /// All names of one way of calling, in the order of the table.
    func names(isMethod: Bool) -> [String] { names[isMethod] ?? [] }

    /// The functions of CEL and of its extensions for strings, mathematics and Base64.
    static let standard = FunctionTable(
        Function.basics + Function.conversions + Function.times + Function.texts + Function.textSearches
            + Function.mathematics + Function.bits + Function.encoders
    )
}
