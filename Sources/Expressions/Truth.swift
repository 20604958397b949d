/// The answer of a condition in the logic of Kleene: an error is "unknown", which a conjunction with false and a
/// disjunction with true absorb. It tells why it is unknown.
enum Truth: UInt8, Sendable {
    case no
    case yes
    /// Unknown, because a field is not in the event.
    case absent
    /// Unknown, because something failed.
    case fault

    init(_ flag: Bool) {
        self = flag ? .yes : .no
    }
}
