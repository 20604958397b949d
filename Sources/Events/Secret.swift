/// A key that signs deliveries. Its bytes never appear in a description, a dump or a log.
package struct Secret: Sendable {
    /// The key as HMAC takes it.
    let bytes: [UInt8]
    /// Where it comes from, such as `env KEYWORDSAI_WEBHOOK_SECRET`: safe to print.
    package let label: String
    /// The last instant at which it verifies deliveries, or `nil` for no end.
    package let until: Timestamp?
    /// Bytes of the key, for warning of short ones.
    package var count: Int { bytes.count }

    package init(_ bytes: [UInt8], label: String, until: Timestamp? = nil) {
        self.bytes = bytes
        self.label = label
        self.until = until
    }

    /// Whether deliveries received at `instant` are still held against it.
    func isValid(at instant: Timestamp) -> Bool {
        until.map { instant <= $0 } ?? true
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
