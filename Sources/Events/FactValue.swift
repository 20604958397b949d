/// The value of a fact in one event.
package enum FactValue: Sendable, Equatable {
    /// Missing, `null`, of an unusable type, or an empty text: one and the same for rules.
    case absent
    case bool(Bool)
    case int(Int64)
    /// Always finite.
    case double(Double)
    /// Never empty.
    case string(String)
    case timestamp(Timestamp)
    /// An object, a list, or anything of a fact of type `any`.
    case json(JSONValue)
}
