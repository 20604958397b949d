internal import Events

extension Function {
    /// The strings extension, without the functions that search. Everything counts in code points.
    static let texts: [Function] = [
        Function("charAt", isMethod: true, [([.string, .int], .string)], .two(charAt)),
        Function(
            "join", isMethod: true, [([.list], .string)],
            .one {
                (list, budget) throws(EvaluationFault) in
                try join(list, separator: "", &budget)
            }),
        Function("join", isMethod: true, [([.list, .string], .string)], .two(joinBy)),
        Function(
            "lowerAscii", isMethod: true, [([.string], .string)],
            .one {
                (value, budget) throws(EvaluationFault) in
                try mapBytes("lowerAscii", value, &budget) { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
            }),
        Function(
            "upperAscii", isMethod: true, [([.string], .string)],
            .one {
                (value, budget) throws(EvaluationFault) in
                try mapBytes("upperAscii", value, &budget) { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
            }),
        Function("reverse", isMethod: true, [([.string], .string)], .one(reverse)),
        Function("trim", isMethod: true, [([.string], .string)], .one(trim)),
        Function("strings.quote", [([.string], .string)], .one(quote)),
        Function(
            "substring", isMethod: true, [([.string, .int], .string)],
            .two {
                (a, b, budget) throws(EvaluationFault) in
                try substring([a, b], &budget)
            }),
        Function("substring", isMethod: true, [([.string, .int, .int], .string)], .many(substring)),
        Function("format", isMethod: true, [([.string, .list], .string)], .two(format)),
    ]

    /// A text made of code points.
    static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The fault of an index or offset outside of a text.
    static func outside(_ name: String) -> EvaluationFault {
        EvaluationFault(.range, "\(name) got an index outside of the text")
    }

    private static let charAt: Body2 = { (value, index, budget) throws(EvaluationFault) in
        guard case .string(let text) = value, case .int(let index) = index else {
            throw mismatch("charAt", value, index)
        }
        try budget.pay(bytes: text.utf8.count)
        let scalars = text.unicodeScalars
        guard index >= 0, index <= scalars.count else { throw outside("charAt") }
        return .string(scalars.dropFirst(Int(index)).first.map { String($0) } ?? "")
    }

    private static let joinBy: Body2 = { (list, separator, budget) throws(EvaluationFault) in
        guard case .string(let separator) = separator else { throw mismatch("join", list, separator) }
        return try join(list, separator: separator, &budget)
    }

    private static func join(
        _ list: Value, separator: String, _ budget: inout StepBudget
    ) throws(EvaluationFault) -> Value {
        guard let elements = list.elements else { throw mismatch("join", list) }
        var result = ""
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else {
                throw element.isAbsent
                    ? EvaluationFault(.absent, "") : EvaluationFault(.type, "join takes a list of texts only")
            }
            let length = result.utf8.count + separator.utf8.count + text.utf8.count
            try budget.pay(bytes: separator.utf8.count + text.utf8.count)
            guard length <= ExpressionLimits.resultBytesMax else {
                try budget.pay(resultBytes: length)
                break
            }
            if index > 0 { result += separator }
            result += text
        }
        return .string(result)
    }

    private static func mapBytes(
        _ name: String, _ value: Value, _ budget: inout StepBudget, _ change: (UInt8) -> UInt8
    ) throws(EvaluationFault) -> Value {
        guard case .string(let text) = value else { throw mismatch(name, value) }
        try budget.pay(bytes: text.utf8.count)
        return .string(String(decoding: text.utf8.map(change), as: UTF8.self))
    }

    private static let reverse: Body1 = { (value, budget) throws(EvaluationFault) in
        guard case .string(let string) = value else { throw mismatch("reverse", value) }
        try budget.pay(bytes: string.utf8.count)
        return .string(text(string.unicodeScalars.reversed()))
    }

    /// White space is what has the Unicode property White_Space.
    private static let trim: Body1 = { (value, budget) throws(EvaluationFault) in
        guard case .string(let string) = value else { throw mismatch("trim", value) }
        try budget.pay(bytes: string.utf8.count)
        let scalars = Array(string.unicodeScalars)
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return .string("") }
        return .string(text(scalars[first...last]))
    }

    private static let quote: Body1 = { (value, budget) throws(EvaluationFault) in
        guard case .string(let text) = value else { throw mismatch("strings.quote", value) }
        try budget.pay(resultBytes: text.utf8.count * 2 + 2)
        return .string(LiteralText.quoted(text))
    }

    private static let substring: BodyN = { (arguments, budget) throws(EvaluationFault) in
        guard case .string(let string) = arguments[0], case .int(let start) = arguments[1] else {
            throw mismatch("substring", arguments[0], arguments[1])
        }
        try budget.pay(bytes: string.utf8.count)
        let scalars = Array(string.unicodeScalars)
        var end = Int64(scalars.count)
        if arguments.count > 2 {
            guard case .int(let given) = arguments[2] else { throw mismatch("substring", arguments[2]) }
            end = given
        }
        guard start >= 0, start <= end, end <= scalars.count else { throw outside("substring") }
        return .string(text(scalars[Int(start)..<Int(end)]))
    }

    private static let format: Body2 = { (value, list, budget) throws(EvaluationFault) in
        guard case .string(let template) = value, let arguments = list.elements else {
            throw mismatch("format", value, list)
        }
        var format = TextFormat(template: template, arguments: arguments)
        return .string(try format.filled(&budget))
    }
}
