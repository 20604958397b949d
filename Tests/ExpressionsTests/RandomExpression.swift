/// Random expressions in the part of the language that CEL itself has, mostly well typed, over the variables of
/// `RandomVariables`.
struct RandomExpression {
    /// What an expression is meant to give.
    enum Kind: CaseIterable {
        case bool, int, uint, double, string, bytes, list, map, timestamp, duration, null, type, any

        static let scalars: [Kind] = [.bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration]
        static let numbers: [Kind] = [.int, .uint, .double]
    }

    var generator: SeededGenerator
    /// Variables of macros in scope.
    private var scope: [(name: String, kind: Kind)] = []

    init(generator: SeededGenerator) {
        self.generator = generator
    }

    /// Whether names are bound. An expression with `cel.bind` has no macro that walks: behind an `exists` that ended
    /// early, version 0.1.3 of Google's implementation reads the wrong variable in `cel.bind`.
    private var bindsNames = false

    /// An expression of any kind.
    mutating func text() -> String {
        scope = []
        bindsNames = chance(1, of: 3)
        let kind = chance(3, of: 4) ? Kind.bool : one(Kind.allCases)
        return make(kind, Int.random(in: 1...4, using: &generator))
    }

    // MARK: Choices

    private mutating func chance(_ part: Int, of whole: Int) -> Bool {
        Int.random(in: 0..<whole, using: &generator) < part
    }

    private mutating func one<T>(_ choices: [T]) -> T {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    // MARK: Expressions

    private mutating func make(_ wanted: Kind, _ depth: Int) -> String {
        let kind = chance(1, of: 25) ? one(Kind.allCases) : wanted
        guard depth > 0 else { return leaf(kind) }
        if chance(1, of: 12) {
            return "(\(make(.bool, depth - 1)) ? \(make(kind, depth - 1)) : \(make(kind, depth - 1)))"
        }
        if bindsNames, chance(1, of: 15) {
            let inner = one(Kind.scalars)
            let value = make(inner, depth - 1)
            return within("w\(scope.count)", inner) { "cel.bind(\($1), \(value), \($0.make(kind, depth - 1)))" }
        }
        switch kind {
        case .bool: return bool(depth - 1)
        case .int: return int(depth - 1)
        case .uint: return uint(depth - 1)
        case .double: return double(depth - 1)
        case .string: return string(depth - 1)
        case .bytes: return bytes(depth - 1)
        case .list: return list(depth - 1)
        case .map: return map(depth - 1)
        case .timestamp: return timestamp(depth - 1)
        case .duration: return duration(depth - 1)
        case .null: return "null"
        case .type: return chance(1, of: 3) ? leaf(.type) : "type(\(make(one(Kind.allCases), depth - 1)))"
        case .any: return any(depth - 1)
        }
    }

    private mutating func within(
        _ name: String, _ kind: Kind, _ body: (inout RandomExpression, String) -> String
    ) -> String {
        scope.append((name, kind))
        defer { scope.removeLast() }
        return body(&self, name)
    }

    private mutating func leaf(_ kind: Kind) -> String {
        let known = scope.filter { $0.kind == kind || kind == .any }
        if !known.isEmpty, chance(1, of: 2) { return one(known).name }
        if let names = RandomVariables.names[kind], chance(1, of: 2) { return one(names) }
        return RandomLiteral.text(kind, &generator)
    }

    private mutating func bool(_ depth: Int) -> String {
        switch Int.random(in: 0..<16, using: &generator) {
        case 0, 1, 2:
            let kind = one(Kind.scalars)
            let other = Kind.numbers.contains(kind) ? one(Kind.numbers) : kind
            return "\(make(kind, depth)) \(one(["<", "<=", ">", ">=", "==", "!="])) \(make(other, depth))"
        case 3: return "(\(make(one(Kind.allCases), depth))) \(one(["==", "!="])) (\(make(one(Kind.allCases), depth)))"
        case 4: return "(\(make(.bool, depth)) && \(make(.bool, depth)))"
        case 5: return "(\(make(.bool, depth)) || \(make(.bool, depth)) || \(make(.bool, depth)))"
        case 6: return "!(\(make(.bool, depth)))"
        case 7: return "\(make(one(Kind.scalars), depth)) in \(make(chance(2, of: 3) ? .list : .map, depth))"
        case 8: return "has(\(one(["m.a", "m.zz", "event.cost", "event.metadata.team", "x.a", "event.none.more"])))"
        case 9: return call(.string, one(["contains", "startsWith", "endsWith"]), [.string], depth)
        case 10: return "\(make(.string, depth)).matches(\(one(RandomLiteral.patterns)))"
        case 11, 12: return walk(one(["all", "exists", "exists_one"]), .bool, depth)
        case 13: return "math.\(one(["isNaN", "isInf", "isFinite"]))(\(make(.double, depth)))"
        case 14: return "bool(\(make(chance(1, of: 2) ? .string : .bool, depth)))"
        default: return leaf(.bool)
        }
    }

    private mutating func arithmetic(_ kind: Kind, _ operators: [String], _ depth: Int) -> String {
        "(\(make(kind, depth)) \(one(operators)) \(make(kind, depth)))"
    }

    private mutating func call(_ receiver: Kind, _ name: String, _ arguments: [Kind], _ depth: Int) -> String {
        let operand = make(receiver, depth)
        return "(\(operand)).\(name)(\(arguments.map { make($0, depth) }.joined(separator: ", ")))"
    }

    private mutating func int(_ depth: Int) -> String {
        switch Int.random(in: 0..<13, using: &generator) {
        case 0, 1, 2: return arithmetic(.int, ["+", "-", "*", "/", "%"], depth)
        case 3: return "-(\(make(.int, depth)))"
        case 4: return "size(\(make(one([.string, .bytes, .list, .map]), depth)))"
        case 5: return "int(\(make(one([.int, .uint, .double, .string, .timestamp]), depth)))"
        case 6: return call(.timestamp, one(RandomLiteral.selectors), [], depth)
        case 7:
            let zone = one(RandomLiteral.zones)
            return "(\(make(.timestamp, depth))).\(one(RandomLiteral.selectors))('\(zone)')"
        case 8: return call(.duration, one(RandomLiteral.durationSelectors), [], depth)
        case 9:
            return call(
                .string, one(["indexOf", "lastIndexOf"]), chance(1, of: 3) ? [.string, .int] : [.string], depth)
        case 10:
            let name = one(["bitAnd", "bitOr", "bitXor", "bitShiftLeft", "bitShiftRight"])
            return "math.\(name)(\(make(.int, depth)), \(make(.int, depth)))"
        case 11:
            // Never a literal that is no number, which Google's implementation refuses when compiling.
            return "math.\(one(["greatest", "least"]))(int(\(make(.int, depth))), double(\(make(.double, depth))))"
        default: return "math.\(one(["abs", "sign", "bitNot"]))(\(make(.int, depth)))"
        }
    }

    private mutating func uint(_ depth: Int) -> String {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0, 1: return arithmetic(.uint, ["+", "-", "*", "/", "%"], depth)
        case 2: return "uint(\(make(one([.int, .uint, .double, .string]), depth)))"
        default: return "math.\(one(["bitAnd", "bitOr", "bitXor"]))(\(make(.uint, depth)), \(make(.uint, depth)))"
        }
    }

    private mutating func double(_ depth: Int) -> String {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1, 2: return arithmetic(.double, ["+", "-", "*", "/"], depth)
        case 3: return "double(\(make(one([.int, .uint, .double, .string]), depth)))"
        case 4:
            let name = one(["ceil", "floor", "round", "trunc", "abs", "sign", "sqrt"])
            return "math.\(name)(\(make(.double, depth)))"
        default: return "-(\(make(.double, depth)))"
        }
    }

    private mutating func string(_ depth: Int) -> String {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: return arithmetic(.string, ["+"], depth)
        case 1: return "string(\(make(one(Kind.scalars), depth)))"
        case 2: return call(.string, "charAt", [.int], depth)
        case 3 where chance(1, of: 2): return call(.string, "substring", [.int], depth)
        case 3:
            // An end at the very end of the text is refused by version 0.1.3 of Google's implementation.
            let end = Int.random(in: -1...6, using: &generator)
            return "('tacocat' + \(make(.string, depth))).substring(\(make(.int, depth)), \(end))"
        case 4:
            return call(.string, "replace", chance(1, of: 2) ? [.string, .string] : [.string, .string, .int], depth)
        case 5: return call(.string, one(["lowerAscii", "upperAscii", "trim", "reverse"]), [], depth)
        case 6 where !bindsNames:
            let separator = chance(1, of: 2) ? "" : make(.string, depth)
            return "(\(listLiteral(one(Kind.scalars), depth))).map(q, string(q)).join(\(separator))"
        case 7: return call(.list, "join", chance(1, of: 2) ? [] : [.string], depth)
        case 8: return "strings.quote(\(make(.string, depth)))"
        case 9: return "base64.encode(\(make(.bytes, depth)))"
        case 10: return format(depth)
        default: return leaf(.string)
        }
    }

    private mutating func format(_ depth: Int) -> String {
        // The argument of %s is never a double, of which Google's implementation writes six digits only.
        let clauses = [
            ("%s", "string(\(make(one(Kind.scalars), depth)))"), ("%s", "size(\(make(.list, depth)))"),
            ("%s", "[!(\(make(.bool, depth))), null, int]"), ("%s", "{'a': bytes(string(\(make(.string, depth))))}"),
            ("%s", "duration(\(make(.duration, depth)))"), ("%d", "int(\(make(.int, depth)))"),
            ("%d", "uint(\(make(.uint, depth)))"), ("%.2f", make(.double, depth)), ("%.3e", make(.double, depth)),
            ("%x", make(one([.int, .string, .bytes]), depth)), ("%X", make(.uint, depth)), ("%o", make(.int, depth)),
            ("%b", make(one([.int, .bool]), depth)), ("%f", make(.double, depth)),
        ]
        let chosen = (0..<Int.random(in: 0...2, using: &generator)).map { _ in one(clauses) }
        let template = chosen.map(\.0).joined(separator: one(["", " ", "é%%"]))
        return "'\(template)'.format([\(chosen.map(\.1).joined(separator: ", "))])"
    }

    private mutating func bytes(_ depth: Int) -> String {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return arithmetic(.bytes, ["+"], depth)
        case 1: return "bytes(\(make(.string, depth)))"
        default: return "base64.decode((\(make(.string, depth))).replace('.', ''))"
        }
    }

    private mutating func list(_ depth: Int) -> String {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return arithmetic(.list, ["+"], depth)
        case 1: return walk("map", one(Kind.scalars), depth)
        case 2: return walk("filter", .bool, depth)
        case 3: return call(.string, "split", chance(1, of: 2) ? [.string] : [.string, .int], depth)
        default: return listLiteral(one(Kind.allCases), depth)
        }
    }

    private mutating func listLiteral(_ kind: Kind, _ depth: Int) -> String {
        let count = Int.random(in: 0...3, using: &generator)
        return "[\((0..<count).map { _ in make(kind, depth) }.joined(separator: ", "))]"
    }

    /// A map without keys that may be equal: a duplicate key ends Google's evaluation at once, and `|| true` does not
    /// absorb it. Nor does `true` stand beside 1, which are one key for Python.
    private mutating func map(_ depth: Int) -> String {
        let keys = one([
            ["'a'", "'b'", "'zz'"], ["1", "2u", "-3"], ["s"], ["i"], ["u"], ["string(i)"], ["true", "false"],
        ])
        let entries = keys.filter { _ in chance(2, of: 3) }.map { "\($0): \(make(one(Kind.allCases), depth))" }
        return "{\(entries.joined(separator: ", "))}"
    }

    /// A macro over a list of one kind.
    private mutating func walk(_ name: String, _ body: Kind, _ depth: Int) -> String {
        guard !bindsNames, scope.isEmpty else { return leaf(body == .bool ? .bool : .list) }
        let kind = one(Kind.scalars)
        // The order in which a map is walked is nobody's promise.
        let range = name != "map" && name != "filter" && chance(1, of: 4) ? make(.map, depth) : listLiteral(kind, depth)
        return within("k\(scope.count)", kind) { "(\(range)).\(name)(\($1), \($0.make(body, depth)))" }
    }

    private mutating func timestamp(_ depth: Int) -> String {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return "(\(make(.timestamp, depth)) \(one(["+", "-"])) \(make(.duration, depth)))"
        case 1: return "(\(make(.duration, depth)) + \(make(.timestamp, depth)))"
        case 2: return "timestamp(\(make(one([.int, .string, .timestamp]), depth)))"
        default: return leaf(.timestamp)
        }
    }

    private mutating func duration(_ depth: Int) -> String {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return "(\(make(.timestamp, depth)) - \(make(.timestamp, depth)))"
        case 1: return arithmetic(.duration, ["+", "-"], depth)
        case 2: return "duration(\(make(one([.string, .duration]), depth)))"
        default: return leaf(.duration)
        }
    }

    private mutating func any(_ depth: Int) -> String {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return "(\(make(.list, depth)))[\(make(one(Kind.numbers), depth))]"
        case 1: return "(\(make(.map, depth)))[\(make(one([.string, .int, .uint, .double, .bool]), depth))]"
        case 2: return "(\(make(.map, depth))).\(one(["a", "b", "zz"]))"
        case 3: return "dyn(\(make(one(Kind.allCases), depth)))"
        case 4:
            return one(["event.cost", "event.metadata.team", "event.tags[0]", "event['status_code']"])
        case 5: return one(["m.a", "m['b']", "x.a", "x[0]", "l[1]", "m.a.b"])
        case 6: return "math.\(one(["greatest", "least"]))([\(leaf(one(Kind.numbers))), 7])"
        default: return leaf(.any)
        }
    }
}
