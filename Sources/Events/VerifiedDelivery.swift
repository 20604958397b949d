/// What a signature was made over.
package enum MatchedText: String, Sendable, CaseIterable {
    /// The bytes as received.
    case raw
    /// The canonical text of the body (`CanonicalText`).
    case canonical
}

/// A request whose signature fits, as the events it carries.
package struct VerifiedDelivery: Sendable {
    /// The events in the order of the body, at least one.
    package let events: [VerifiedEvent]
    /// Whether the body is an array of events, or wraps one.
    package let isArray: Bool
    /// The label of the secret that fits.
    package let secretLabel: String
    /// What the signature was made over.
    package let text: MatchedText
}
