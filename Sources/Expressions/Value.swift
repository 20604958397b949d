package import Events

/// A value of the expression language: all types of CEL without protobuf messages, plus what an event brings.
///
/// Values made by an expression follow CEL strictly. Values of an event (`absent`, `object`, `array`) are lenient: a
/// member that is missing, JSON null or the empty text reads as *absent*, and selecting from *absent* gives *absent*.
package enum Value: Sendable {
    /// A field that the event does not have. Equal to `null`, to `""` and to itself; every other use is a fault of
    /// class absent, which a rule takes as "does not match".
    case absent
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    /// Text, compared by code points and never by canonical equivalence.
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map(ValueMap)
    case timestamp(TimeValue)
    case duration(DurationValue)
    case type(ValueType)
    /// An object of the event.
    case object(JSONObject)
    /// An array of the event.
    case array([JSONValue])

    /// A value out of an event: null and the empty text read as absent.
    package init(event json: JSONValue) {
        switch json {
        case .null: self = .absent
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = value.isEmpty ? .absent : .string(value)
        case .array(let values): self = .array(values)
        case .object(let object): self = .object(object)
        }
    }

    /// A typed fact of an event.
    package init(fact: FactValue) {
        switch fact {
        case .absent: self = .absent
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = value.isEmpty ? .absent : .string(value)
        case .timestamp(let value): self = .timestamp(TimeValue(value))
        case .json(let value): self = Value(event: value)
        }
    }

    /// The type that `type()` gives; an absent value has the type of null.
    package var type: ValueType {
        switch self {
        case .absent, .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list, .array: .list
        case .map, .object: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        }
    }

    package var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }

    /// The elements of a list or an event's array, `nil` for everything else.
    package var elements: [Value]? {
        switch self {
        case .list(let values): values
        case .array(let values): values.map { Value(event: $0) }
        default: nil
        }
    }
}
