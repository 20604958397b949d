/// `format` of the strings extension: `%s %d %f %e %b %o %x %X` with an optional precision, and `%%`.
struct TextFormat {
    private let template: [Unicode.Scalar]
    private let arguments: [Value]
    private var index = 0
    private var argumentIndex = 0

    /// The most digits behind the point that a clause may ask for.
    private static let precisionDigitsMax = 1_000

    init(template: String, arguments: [Value]) {
        self.template = Array(template.unicodeScalars)
        self.arguments = arguments
    }

    /// The template with every clause replaced by its argument.
    mutating func filled(_ budget: inout StepBudget) throws(EvaluationFault) -> String {
        var result = String.UnicodeScalarView()
        var bytes = 0
        while index < template.count {
            let scalar = template[index]
            index += 1
            if scalar != "%" {
                result.append(scalar)
            } else if index < template.count, template[index] == "%" {
                index += 1
                result.append("%")
            } else {
                let text = try clause()
                bytes += text.utf8.count
                try budget.pay(bytes: text.utf8.count)
                guard bytes <= ExpressionLimits.resultBytesMax else {
                    try budget.pay(resultBytes: bytes)
                    break
                }
                result.append(contentsOf: text.unicodeScalars)
            }
        }
        try budget.pay(bytes: template.count)
        return String(result)
    }

    private func malformed(_ what: StaticString) -> EvaluationFault {
        EvaluationFault(.argument, "format: \(what)")
    }

    private mutating func clause() throws(EvaluationFault) -> String {
        var precision: Int?
        if index < template.count, template[index] == "." {
            index += 1
            var digits = 0
            while index < template.count, let digit = Self.digit(template[index]), digits <= Self.precisionDigitsMax {
                digits = digits * 10 + digit
                index += 1
            }
            guard digits <= Self.precisionDigitsMax else { throw malformed("a precision is too large") }
            precision = digits
        }
        guard index < template.count else { throw malformed("a clause is not finished") }
        let verb = template[index]
        index += 1
        guard "sdfebxXo".unicodeScalars.contains(verb) else { throw malformed("there is no such clause") }
        guard argumentIndex < arguments.count else { throw malformed("there are more clauses than values") }
        let value = arguments[argumentIndex]
        argumentIndex += 1
        if value.isAbsent { throw EvaluationFault(.absent, "") }
        return try text(of: value, verb: verb, precision: precision)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        ("0"..."9").contains(scalar) ? Int(scalar.value - 0x30) : nil
    }

    private func text(of value: Value, verb: Unicode.Scalar, precision: Int?) throws(EvaluationFault) -> String {
        switch verb {
        case "s": return try Self.plain(value)
        case "d": return try decimal(value)
        case "f": return try real(value) { NumberForm.fixed($0, digits: precision ?? 6) }
        case "e": return try real(value) { NumberForm.scientific($0, digits: precision ?? 6) }
        case "b":
            if case .bool(let flag) = value { return flag ? "1" : "0" }
            return try radix(value, 2)
        case "o": return try radix(value, 8)
        default: return try hexadecimal(value, isUpper: verb == "X")
        }
    }

    /// A value as `%s` writes it: texts without quotes, containers with their contents, map entries by the order of
    /// their keys' texts.
    static func plain(_ value: Value) throws(EvaluationFault) -> String {
        switch value {
        case .absent, .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return NumberForm.shortest(number)
        case .string(let text): return text
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EvaluationFault(.argument, "format: bytes that are no UTF-8 have no text")
            }
            return text
        case .timestamp(let time): return time.rfc3339
        case .duration(let duration): return duration.protobufText
        case .type(let type): return type.rawValue
        case .list, .array: return "[" + (try texts(value.elements ?? [])).joined(separator: ", ") + "]"
        case .map, .object:
            let entries = value.entries ?? []
            let pairs = zip(try texts(entries.map(\.key)), try texts(entries.map(\.value)))
            let sorted = pairs.sorted { $0.0.precedesByScalars($1.0) }
            return "{" + sorted.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
        }
    }

    private static func texts(_ values: [Value]) throws(EvaluationFault) -> [String] {
        var texts: [String] = []
        for value in values { texts.append(try plain(value)) }
        return texts
    }

    private func decimal(_ value: Value) throws(EvaluationFault) -> String {
        switch value {
        case .int, .uint: return try Self.plain(value)
        case .double(let number): return NumberForm.shortest(number)
        default: throw malformed("%d takes numbers only")
        }
    }

    private func real(_ value: Value, _ form: (Double) -> String) throws(EvaluationFault) -> String {
        let number: Double
        switch value {
        case .int(let whole): number = Double(whole)
        case .uint(let whole): number = Double(whole)
        case .double(let double): number = double
        // The names of what no literal can write.
        case .string("NaN"): number = .nan
        case .string("Infinity"): number = .infinity
        case .string("-Infinity"): number = -.infinity
        default: throw malformed("%f and %e take numbers only")
        }
        return number.isFinite ? form(number) : NumberForm.shortest(number)
    }

    private func radix(_ value: Value, _ radix: Int) throws(EvaluationFault) -> String {
        switch value {
        case .int(let number): return String(number, radix: radix)
        case .uint(let number): return String(number, radix: radix)
        default: throw malformed("%b, %o and %x take whole numbers only")
        }
    }

    private func hexadecimal(_ value: Value, isUpper: Bool) throws(EvaluationFault) -> String {
        let bytes: [UInt8]
        switch value {
        case .int(let number): return String(number, radix: 16, uppercase: isUpper)
        case .uint(let number): return String(number, radix: 16, uppercase: isUpper)
        case .string(let text): bytes = Array(text.utf8)
        case .bytes(let given): bytes = given
        default: throw malformed("%x and %X take whole numbers, texts and bytes only")
        }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: isUpper) }.joined()
    }
}
