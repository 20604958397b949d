/// What a signature was made over.
package enum MatchedText: String, Sendable, CaseIterable {
    /// The bytes as received, with what the scheme puts before them.
    case raw
    /// The canonical text of the body (`CanonicalText`).
    case canonical
    /// Nothing: the sender is known by a token or by its address.
    case unsigned
}

/// A request whose sender is known, as the events it carries.
package struct VerifiedDelivery: Sendable {
    /// The events in the order of the body: at least one, but none of a greeting.
    package let events: [VerifiedEvent]
    /// Whether the body is an array of events, or wraps one.
    package let isArray: Bool
    /// The label of the secret that fits.
    package let secretLabel: String
    /// What the signature was made over.
    package let text: MatchedText
    /// What is answered and not stored, if the request is that and no event.
    package let greeting: Greeting?

    init(events: [VerifiedEvent], isArray: Bool, secretLabel: String, text: MatchedText, greeting: Greeting? = nil) {
        self.events = events
        self.isArray = isArray
        self.secretLabel = secretLabel
        self.text = text
        self.greeting = greeting
    }
}
