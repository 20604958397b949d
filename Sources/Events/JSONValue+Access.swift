extension JSONValue {
    /// The member of an object, or `nil` when there is none or this is no object.
    package subscript(key: String) -> JSONValue? { object?[key] }

    /// The object, or `nil` for anything else.
    package var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The elements, or `nil` for anything else.
    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The text, or `nil` for anything else.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The integer, or `nil` for anything else (a double with a whole value included).
    package var int: Int64? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The number as a double, or `nil` for anything else.
    package var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The truth value, or `nil` for anything else.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// Whether this is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

extension JSONValue: Equatable {
    /// Equal types and values; texts byte by byte, objects member by member in order, 1 and 1.0 apart.
    package static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs, rhs) {
        case (.null, .null): true
        case (.bool(let lhs), .bool(let rhs)): lhs == rhs
        case (.int(let lhs), .int(let rhs)): lhs == rhs
        case (.double(let lhs), .double(let rhs)): lhs == rhs
        case (.string(let lhs), .string(let rhs)): lhs.utf8.elementsEqual(rhs.utf8)
        case (.array(let lhs), .array(let rhs)): lhs == rhs
        case (.object(let lhs), .object(let rhs)): lhs == rhs
        default: false
        }
    }
}

extension JSONObject: Equatable {
    /// Equal members in the same order.
    package static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
        lhs.members.elementsEqual(rhs.members) {
            $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value
        }
    }
}
