/// At most so many messages in so long, as a mail server's operator limits them.
package struct SendRate: Sendable, Equatable {
    /// At least 1.
    package let count: Int
    package let span: Duration

    package init(count: Int, span: Duration) {
        self.count = max(count, 1)
        self.span = span
    }

    /// The most messages that a rate may name: their instants are remembered.
    package static let countMax = 100_000
}
