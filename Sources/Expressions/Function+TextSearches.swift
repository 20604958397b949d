extension Function {
    /// The searching functions of the strings extension.
    static let textSearches: [Function] = [
        Function(
            "indexOf", isMethod: true, [([.string, .string], .int)],
            .two {
                (a, b, budget) throws(EvaluationFault) in
                try indexOf([a, b], &budget)
            }),
        Function("indexOf", isMethod: true, [([.string, .string, .int], .int)], .many(indexOf)),
        Function(
            "lastIndexOf", isMethod: true, [([.string, .string], .int)],
            .two {
                (a, b, budget) throws(EvaluationFault) in
                try lastIndexOf([a, b], &budget)
            }),
        Function("lastIndexOf", isMethod: true, [([.string, .string, .int], .int)], .many(lastIndexOf)),
        Function("replace", isMethod: true, [([.string, .string, .string], .string)], .many(replace)),
        Function("replace", isMethod: true, [([.string, .string, .string, .int], .string)], .many(replace)),
        Function(
            "split", isMethod: true, [([.string, .string], .list)],
            .two {
                (a, b, budget) throws(EvaluationFault) in
                try split([a, b], &budget)
            }),
        Function("split", isMethod: true, [([.string, .string, .int], .list)], .many(split)),
    ]

    /// The code points of two leading text arguments and the number behind them, if there is one.
    private static func searchArguments(
        _ name: String, _ arguments: [Value], _ budget: inout StepBudget
    ) throws(EvaluationFault) -> (text: [Unicode.Scalar], part: [Unicode.Scalar], number: Int64?) {
        guard case .string(let text) = arguments[0], case .string(let part) = arguments[1] else {
            throw mismatch(name, arguments[0], arguments[1])
        }
        // A naive search touches every place once for every code point of what is sought.
        let length = text.utf8.count
        let (work, overflow) = length.multipliedReportingOverflow(by: min(part.utf8.count, 64) / 8 + 1)
        try budget.pay(bytes: overflow ? ExpressionLimits.resultBytesMax : work)
        guard arguments.count > 2, let last = arguments.last, case .int(let number) = last else {
            if name != "replace", arguments.count > 2 { throw mismatch(name, arguments[2]) }
            return (Array(text.unicodeScalars), Array(part.unicodeScalars), nil)
        }
        return (Array(text.unicodeScalars), Array(part.unicodeScalars), number)
    }

    private static let indexOf: BodyN = { (arguments, budget) throws(EvaluationFault) in
        let (text, part, number) = try searchArguments("indexOf", arguments, &budget)
        let offset = number ?? 0
        guard offset >= 0, offset <= text.count else { throw outside("indexOf") }
        return .int(Int64(TextSearch.firstIndex(of: part, in: text, from: Int(offset)) ?? -1))
    }

    private static let lastIndexOf: BodyN = { (arguments, budget) throws(EvaluationFault) in
        let (text, part, number) = try searchArguments("lastIndexOf", arguments, &budget)
        let offset = number ?? Int64(text.count)
        guard offset >= 0, offset <= text.count else { throw outside("lastIndexOf") }
        return .int(Int64(TextSearch.lastIndex(of: part, in: text, upTo: Int(offset)) ?? -1))
    }

    /// The pieces of `text` between occurrences of `part`, at most `countMax` of them where that is not negative. An
    /// empty `part` stands before every code point.
    private static func pieces(
        of text: [Unicode.Scalar], at part: [Unicode.Scalar], cutsMax: Int
    ) -> [ArraySlice<Unicode.Scalar>] {
        var pieces: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        while pieces.count < cutsMax {
            if part.isEmpty {
                guard start < text.count - 1 else { break }
                pieces.append(text[start..<start + 1])
                start += 1
            } else {
                guard let place = TextSearch.firstIndex(of: part, in: text, from: start) else { break }
                pieces.append(text[start..<place])
                start = place + part.count
            }
        }
        return pieces + [text[start...]]
    }

    private static let split: BodyN = { (arguments, budget) throws(EvaluationFault) in
        let (text, part, number) = try searchArguments("split", arguments, &budget)
        let countMax = number ?? -1
        guard countMax != 0 else { return .list([]) }
        let cutsMax = countMax < 0 ? Int.max : Int(countMax - 1)
        let parts = pieces(of: text, at: part, cutsMax: cutsMax)
        try budget.pay(elements: parts.count * 8)
        return .list(parts.map { .string(Function.text($0)) })
    }

    private static let replace: BodyN = { (arguments, budget) throws(EvaluationFault) in
        guard case .string(let replacement) = arguments[2] else {
            throw mismatch("replace", arguments[0], arguments[1], arguments[2])
        }
        if arguments.count > 3, arguments[3].type != .int { throw mismatch("replace", arguments[3]) }
        let (text, part, number) = try searchArguments("replace", arguments, &budget)
        let countMax = number.map { $0 < 0 ? Int.max : Int($0) } ?? Int.max
        guard countMax > 0 else { return arguments[0] }
        var parts = pieces(of: text, at: part, cutsMax: part.isEmpty ? Int.max : countMax)
        if part.isEmpty { parts = emptyPartPieces(of: text, cutsMax: countMax) }
        let added = (parts.count - 1).multipliedReportingOverflow(by: replacement.utf8.count)
        let size = added.overflow ? Int.max / 2 : added.partialValue
        try budget.pay(resultBytes: size.addingReportingOverflow(text.count).partialValue)
        var result = String.UnicodeScalarView()
        for (index, piece) in parts.enumerated() {
            if index > 0 { result.append(contentsOf: replacement.unicodeScalars) }
            result.append(contentsOf: piece)
        }
        return .string(String(result))
    }

    /// For replacing the empty text, which stands before every code point and at the end.
    private static func emptyPartPieces(of text: [Unicode.Scalar], cutsMax: Int) -> [ArraySlice<Unicode.Scalar>] {
        let cuts = min(cutsMax, text.count + 1)
        let borders = Array(0..<cuts)
        let starts = [0] + borders
        let ends = borders + [text.count]
        return zip(starts, ends).map { text[$0..<$1] }
    }
}
