extension YAMLScalar {
    /// What a scalar means by the core schema of YAML 1.2.2 (§10.3), with one step aside: a whole number with a leading
    /// zero (`012`) stays a text, because readers of YAML 1.1 take it as octal and people mean neither.
    ///
    /// There are no dates, no sexagesimal numbers and no `yes`, `no`, `on`, `off`: a country `NO` is a text.
    package enum Resolved: Sendable, Equatable {
        case null
        case bool(Bool)
        /// A whole number within 64 bits.
        case int(Int64)
        /// Another number; whole numbers beyond 64 bits among them.
        case double(Double)
        case text
    }

    /// The meaning of the scalar; whatever is quoted or a block is a text.
    package var resolved: Resolved {
        guard style == .plain else { return .text }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
        default: return Self.number(Array(text.utf8)) ?? .text
        }
    }

    private static func number(_ bytes: [UInt8]) -> Resolved? {
        if bytes.starts(with: [0x30, 0x6F]) { return integer(bytes.dropFirst(2), radix: 8) }
        if bytes.starts(with: [0x30, 0x78]) { return integer(bytes.dropFirst(2), radix: 16) }
        var rest = bytes[...]
        if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        if rest.isEmpty {
            guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            return Int64(text).map { .int($0) } ?? Double(text).map { .double($0) }
        }
        var fraction: ArraySlice<UInt8> = []
        if rest.first == 0x2E {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        guard isExponent(rest) else { return nil }
        // `Double` wants a digit on both sides of the point.
        let sign = bytes.first == 0x2D ? "-" : ""
        let digits = String(decoding: whole.isEmpty ? [0x30] : whole, as: UTF8.self)
        let decimals = String(decoding: fraction.isEmpty ? [0x30] : fraction, as: UTF8.self)
        return Double("\(sign)\(digits).\(decimals)\(String(decoding: rest, as: UTF8.self))").map { .double($0) }
    }

    private static func integer(_ digits: ArraySlice<UInt8>, radix: Int) -> Resolved? {
        guard let first = digits.first, first != 0x2B, first != 0x2D else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self), radix: radix).map { .int($0) }
    }

    /// Whether `bytes` is empty or an exponent such as `e-5`.
    private static func isExponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return true }
        guard first == 0x65 || first == 0x45 else { return false }
        var digits = bytes.dropFirst()
        if digits.first == 0x2B || digits.first == 0x2D { digits = digits.dropFirst() }
        return !digits.isEmpty && digits.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }
}
