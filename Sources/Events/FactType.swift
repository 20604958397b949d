/// The type of a fact, as the checker of expressions sees it.
package enum FactType: Sendable, Equatable {
    case bool, int, double, string, timestamp
    /// A JSON object with members of any kind.
    case object
    /// A JSON array.
    case list
    /// Different types in different events.
    case any
}
