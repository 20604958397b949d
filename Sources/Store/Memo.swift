/// Something small that a part of the bridge has to remember over a restart. No decision depends on it, so it stands
/// beside the log and not in it.
package struct Memo: Sendable, Equatable {
    /// Who remembers.
    package enum Name: String, Sendable, CaseIterable {
        /// What operators were told of.
        case operators
    }

    /// What was kept, in a form that its owner alone knows.
    package let content: [UInt8]
    /// How far the wall clock was set since it was kept: instants in it are so much later by the clock as it is now.
    package let clockStep: Duration

    package init(content: [UInt8], clockStep: Duration) {
        self.content = content
        self.clockStep = clockStep
    }

    /// The most bytes of a content.
    package static let contentBytesMax = 1 << 20

    /// Throws `.notAllowed` for a content that is too long.
    static func validate(_ content: [UInt8]) throws(StoreError) {
        guard content.count <= contentBytesMax else {
            throw .notAllowed("a memo of more than \(contentBytesMax) bytes")
        }
    }
}
