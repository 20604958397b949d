internal import Events

extension Lexer {
    /// Reads `17`, `0x1F`, `17u`, `1.5`, `.5`, `1e-3`. A dot belongs to the number only when a digit follows it.
    mutating func number() {
        let start = index
        if peek() == "0", let mark = peek(1), mark == "x" || mark == "X", peek(2).map(Self.isHexDigit) ?? false {
            index += 2
            skip(while: Self.isHexDigit)
            return whole(digits: text(from: start + 2, to: index), radix: 16, from: start)
        }
        skip(while: Self.isDigit)
        var isDouble = false
        if peek() == ".", peek(1).map(Self.isDigit) ?? false {
            isDouble = true
            index += 1
            skip(while: Self.isDigit)
        }
        if let mark = peek(), mark == "e" || mark == "E" {
            let signs = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if peek(1 + signs).map(Self.isDigit) ?? false {
                isDouble = true
                index += 1 + signs
                skip(while: Self.isDigit)
            }
        }
        guard isDouble else { return whole(digits: text(from: start, to: index), radix: 10, from: start) }
        double(text(from: start, to: index), from: start)
    }

    private mutating func double(_ digits: String, from start: Int) {
        let value = Double(digits.first == "." ? "0" + digits : digits) ?? .infinity
        if !value.isFinite {
            report("the number is too large", at: start, length: index - start, hint: "the largest is about 1.8e308")
        }
        append(.double(value.isFinite ? value : 0), from: start)
        refuseSuffix(from: start)
    }

    private mutating func whole(digits: String, radix: Int, from start: Int) {
        let value = UInt64(digits, radix: radix)
        let isUnsigned = peek() == "u" || peek() == "U"
        if isUnsigned { index += 1 }
        if value == nil {
            report(
                "the number does not fit into 64 bits", at: start, length: index - start,
                hint: "write it with a decimal point for a number that is only nearly exact"
            )
        }
        append(isUnsigned ? .uint(value ?? 0) : .int(value ?? 0), from: start)
        refuseSuffix(from: start)
    }

    /// Reports letters that stand right behind a number, such as the unit of `5m`.
    private mutating func refuseSuffix(from start: Int) {
        let suffixStart = index
        skip(while: Self.continuesName)
        guard index > suffixStart else { return }
        let suffix = text(from: suffixStart, to: index)
        let number = text(from: start, to: suffixStart)
        let isTime = ["s", "m", "h", "ms"].contains { suffix.hasSameScalars(as: $0) }
        if !isTime, let count = tokensOfWord() { return unquoted(count) }
        var hint: String?
        if isTime, let (fact, symbol) = secondsBesideLastToken() {
            let comparison = "\(fact) \(symbol) \(suffix.hasSameScalars(as: "s") ? number : "SECONDS")"
            hint = "\(fact) is a number of seconds: write \(comparison)"
        } else if isTime {
            hint = "a length of time is written duration(\"\(number)\(suffix)\")"
        }
        report("letters stand right behind a number", at: start, length: index - start, hint: hint)
    }

    /// How many tokens, of which the last is the number, stand without a space as one word, such as `gpt-4o`; `nil`
    /// for a difference of a fact.
    private func tokensOfWord() -> Int? {
        var first = tokens.count - 1
        while first >= 2, tokens[first - 1].isSymbol(.minus), tokens[first - 1].end == tokens[first].offset,
            tokens[first - 2].end == tokens[first - 1].offset
        {
            switch tokens[first - 2].kind {
            case .identifier, .int, .double: first -= 2
            default: return nil
            }
        }
        guard first < tokens.count - 1, case .identifier(let name) = tokens[first].kind, Fact.named(name) == nil
        else { return nil }
        return tokens.count - first
    }

    /// Reports a word that reads as a difference, and reads on as if it stood between quotes.
    private mutating func unquoted(_ count: Int) {
        let start = tokens[tokens.count - count].offset
        while let scalar = peek(),
            Self.continuesName(scalar) || (["-", "."].contains(scalar) && (peek(1).map(Self.isDigit) ?? false))
                || (scalar == "-" && (peek(1).map(Self.startsName) ?? false))
        {
            index += 1
        }
        let word = text(from: start, to: index)
        replaceLast(count, by: .string(word))
        report(
            "unknown name \"\(word)\"", at: start, length: index - start,
            hint: "a text is written between quotes: \"\(word)\"")
    }

    /// The fact in seconds that the last token is compared with, and by what, as in `latency > 8`.
    private func secondsBesideLastToken() -> (fact: String, symbol: String)? {
        guard tokens.count >= 3, case .symbol(let symbol) = tokens[tokens.count - 2].kind,
            [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual].contains(symbol),
            case .identifier(let name) = tokens[tokens.count - 3].kind, Fact.named(name)?.unit == "s"
        else { return nil }
        return (name, symbol.rawValue)
    }

    /// Moves on as long as the condition holds.
    mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
        while index < scalars.count, condition(scalars[index]) { index += 1 }
    }

    /// Whether it is a hexadecimal digit.
    static func isHexDigit(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
    }
}
