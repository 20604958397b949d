/// What makes two deliveries the same event: source, event type and id.
package struct EventKey: Hashable, Sendable {
    /// Where `id` comes from, in falling order of trust.
    package enum Origin: String, Sendable {
        /// The scheme's own delivery id (webhook-id, X-GitHub-Delivery, …).
        case delivery
        /// The event's `unique_id`.
        case uniqueID = "unique_id"
        /// The event's `id`.
        case id
        /// SHA-256 of the canonical body, with the index for an element of an array: kept for 24 hours only.
        case digest
    }

    package let source: String
    /// The event type; when the sender names none, `request_log` for a request log and `event` for anything else.
    package let type: String
    package let id: String
    package let origin: Origin

    package init(source: String, type: String, id: String, origin: Origin) {
        self.source = source
        self.type = type
        self.id = id
        self.origin = origin
    }
}
