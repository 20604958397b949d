/// A notification's place: log position and ordinal among those of one entry, from 0.
package struct NotificationNumber: Sendable, Hashable {
    package let position: LogPosition
    package let ordinal: Int

    package init(position: LogPosition, ordinal: Int) {
        self.position = position
        self.ordinal = ordinal
    }

    /// Reads an id such as `1042-0`; `nil` for a text that is none.
    package init?(id: String) {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let position = LogPosition(parts[0]), let ordinal = Int(parts[1]) else { return nil }
        self.init(position: position, ordinal: ordinal)
    }

    /// The id as the store has it.
    package var id: String { "\(position)-\(ordinal)" }
}
