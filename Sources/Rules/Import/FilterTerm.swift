internal import Events
internal import Expressions

/// One comparison of a filter, turned into a part of an expression.
struct FilterTerm {
    let field: FilterField
    let operation: FilterOperator
    /// The operator as the filter writes it.
    let word: String
    let values: [JSONValue]
    /// What the expression does not say exactly as the filter did.
    private(set) var warnings: [String] = []

    init(field: FilterField, operation: FilterOperator, word: String, values: [JSONValue]) {
        self.field = field
        self.operation = operation
        self.word = word
        self.values = values
        if field.isUnknown {
            warnings.append(
                "\"\(field.written)\" is no fact of Hookmail's; \(field.path) is what the event holds there")
        }
    }

    /// The expression. It binds at least as tight as a comparison.
    mutating func text() throws(FilterImportFault) -> String {
        let path = field.path
        switch operation {
        case .isEmpty: return "!has(\(presence))"
        case .isNotEmpty: return "has(\(presence))"
        case .isNull:
            guard let first = values.first, let isNull = Self.truth(first) else { throw fault("needs true or false") }
            return isNull ? "!has(\(presence))" : "has(\(presence))"
        case .oneOf, .noneOf:
            return operation == .oneOf ? "\(path) in \(try list())" : "!(\(path) in \(try list()))"
        case .equal, .notEqual:
            guard values.count == 1 else {
                return operation == .equal ? "\(path) in \(try list())" : "!(\(path) in \(try list()))"
            }
            let value = try literal(values[0])
            if value == "true" || value == "false" {
                return (value == "true") == (operation == .equal) ? path : "!\(path)"
            }
            return "\(path) \(operation == .equal ? "==" : "!=") \(value)"
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let sign = operation.sign ?? ""
            return try each { (term, value) throws(FilterImportFault) in "\(path) \(sign) \(try term.literal(value))" }
        default: return try each { (term, value) throws(FilterImportFault) in try term.textTest(value) }
        }
    }

    /// What `has` takes: a plain name of a fact, or a member. An index is written as a member in backquotes.
    private var presence: String {
        guard field.path.hasSuffix("\"]"), let open = field.path.lastIndex(of: "[") else { return field.path }
        let key = field.path[open...].dropFirst(2).dropLast(2)
        return field.path[..<open] + ".`\(key)`"
    }

    private func fault(_ what: String) -> FilterImportFault {
        FilterImportFault("the operator \"\(word)\" of \"\(field.written)\" \(what)")
    }

    /// The test of every value, one of which has to hold.
    private mutating func each(
        _ test: (inout FilterTerm, JSONValue) throws(FilterImportFault) -> String
    ) throws(FilterImportFault) -> String {
        guard !values.isEmpty else { throw fault("has no value") }
        guard values.count > 1 else { return try test(&self, values[0]) }
        warnings.append("\"\(word)\" of \"\(field.written)\" has several values; one of them has to fit")
        var texts: [String] = []
        for value in values { texts.append(try test(&self, value)) }
        return "(\(texts.joined(separator: " || ")))"
    }

    // MARK: Texts

    private mutating func textTest(_ value: JSONValue) throws(FilterImportFault) -> String {
        guard let text = value.string ?? Self.plainText(value) else { throw fault("needs a text") }
        let path = field.type == .string || field.type == .any ? field.path : "string(\(field.path))"
        func call(_ method: String, _ argument: String) -> String {
            "\(path).\(method)(\(Value.string(argument).celText))"
        }
        switch operation {
        case .contains: return call("contains", text)
        case .containsNot: return "!\(call("contains", text))"
        case .begins: return call("startsWith", text)
        case .ends: return call("endsWith", text)
        case .pattern: return call("matches", text)
        case .patternWithoutCase: return call("matches", "(?i)" + text)
        case .like: return call("matches", Self.pattern(like: text))
        case .search:
            warnings.append("\"\(word)\" is a search of the platform's database; this asks whether the text occurs")
        default: break
        }
        return withoutCase(text, path)
    }

    /// Tests in which capital and small letters are one.
    private mutating func withoutCase(_ text: String, _ path: String) -> String {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            let quoted = Self.quotedForPattern(text)
            let pattern: String
            switch operation {
            case .equalWithoutCase: pattern = "(?is)^\(quoted)$"
            case .beginsWithoutCase: pattern = "(?is)^\(quoted)"
            case .endsWithoutCase: pattern = "(?is)\(quoted)$"
            default: pattern = "(?i)\(quoted)"
            }
            return "\(path).matches(\(Value.string(pattern).celText))"
        }
        let literal = Value.string(text.lowercased()).celText
        switch operation {
        case .equalWithoutCase: return "\(path).lowerAscii() == \(literal)"
        case .beginsWithoutCase: return "\(path).lowerAscii().startsWith(\(literal))"
        case .endsWithoutCase: return "\(path).lowerAscii().endsWith(\(literal))"
        default: return "\(path).lowerAscii().contains(\(literal))"
        }
    }

    /// SQL's `%` and `_` as a pattern.
    private static func pattern(like text: String) -> String {
        let parts = text.unicodeScalars.map { scalar in
            scalar == "%" ? ".*" : scalar == "_" ? "." : quotedForPattern(String(scalar))
        }
        return "(?is)^\(parts.joined())$"
    }

    private static func quotedForPattern(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isSign = scalar.value < 0x80 && "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar)
            return (isSign ? "\\" : "") + String(scalar)
        }.joined()
    }

    // MARK: Values

    private func list() throws(FilterImportFault) -> String {
        var literals: [String] = []
        for value in values { literals.append(try literal(value)) }
        return "[\(literals.joined(separator: ", "))]"
    }

    /// A value as a literal of the type that the field has: the platform takes "500" for 500.
    private func literal(_ value: JSONValue) throws(FilterImportFault) -> String {
        switch field.type {
        case .int, .double:
            if value.double != nil { return Value(strict: value).celText }
            if let text = value.string, let number = Int64(text) { return String(number) }
            if let text = value.string, let number = Double(text), number.isFinite {
                return Value.double(number).celText
            }
            throw fault("needs a number")
        case .bool:
            guard let flag = Self.truth(value) else { throw fault("needs true or false") }
            return flag ? "true" : "false"
        case .string:
            guard let text = value.string ?? Self.plainText(value) else { throw fault("needs a text") }
            return Value.string(text).celText
        case .timestamp:
            guard let text = value.string, Timestamp(rfc3339: text) != nil else {
                throw fault("needs a time such as 2026-01-31T08:00:00Z")
            }
            return "timestamp(\(Value.string(text).celText))"
        case .object, .list, .any:
            guard value.array == nil, value.object == nil else { throw fault("needs a single value") }
            return Value(strict: value).celText
        }
    }

    private static func truth(_ value: JSONValue) -> Bool? {
        switch value {
        case .bool(let flag): flag
        case .int(1), .double(1): true
        case .int(0), .double(0): false
        case .string(let text):
            ["true", "1"].contains(text.lowercased())
                ? true
                : ["false", "0"].contains(text.lowercased()) ? false : nil
        default: nil
        }
    }

    private static func plainText(_ value: JSONValue) -> String? {
        switch value {
        case .int(let number): String(number)
        case .double(let number): number.description
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}

extension Value {
    /// A scalar of JSON as an expression's own value; null for everything else.
    fileprivate init(strict json: JSONValue) {
        switch json {
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .null, .array, .object: self = .null
        }
    }
}
