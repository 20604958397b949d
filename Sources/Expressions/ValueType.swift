/// The type of a value, as CEL's `type()` names it.
package enum ValueType: String, Sendable, Hashable, CaseIterable {
    case null = "null_type"
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case list
    case map
    case timestamp = "google.protobuf.Timestamp"
    case duration = "google.protobuf.Duration"
    case type

    /// The type in the words of a message to a user, with its article.
    package var words: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .int: "a whole number"
        case .uint: "an unsigned number"
        case .double: "a number"
        case .string: "text"
        case .bytes: "bytes"
        case .list: "a list"
        case .map: "a map"
        case .timestamp: "a point in time"
        case .duration: "a duration"
        case .type: "a type"
        }
    }

    /// Whether values of this type are ordered and compared as numbers, across the three number types.
    package var isNumber: Bool { self == .int || self == .uint || self == .double }
}
