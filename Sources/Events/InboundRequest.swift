/// One HTTP request as it arrived at a source's path, before anything about it is believed.
package struct InboundRequest: Sendable {
    /// The name of the source in the configuration whose path was called.
    package let source: String
    /// Header fields in the order received; names keep their spelling and are compared without case (RFC 9110 §5.1).
    package let headers: [HeaderField]
    /// The body's bytes exactly as received.
    package let body: [UInt8]
    /// When the request had been read completely.
    package let receivedAt: Timestamp
    /// Who sent it, as far as that is known: the other end of the connection, or whom a trusted proxy names.
    package let sender: IPAddress?

    package init(
        source: String, headers: [HeaderField], body: [UInt8], receivedAt: Timestamp, sender: IPAddress? = nil
    ) {
        self.source = source
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
        self.sender = sender
    }
}

/// A header field of a request.
package struct HeaderField: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
