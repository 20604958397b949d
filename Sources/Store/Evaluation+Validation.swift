import Events
import Rules

extension Evaluation {
    /// The longest key of a row of engine state, in bytes.
    static let stateKeyBytesMax = 512

    /// Checks what can be checked without a store: positions without gaps from `cursor`, one decision per position,
    /// rule and group, notification ids and recipients once, state keys within bounds.
    func validate(expecting cursor: LogPosition) throws(StoreError) {
        var rows: Set<Int64> = []
        for (offset, entry) in positions.enumerated() {
            guard entry.position == cursor + Int64(offset) + 1 else {
                throw .notAllowed("the positions of an evaluation have a gap")
            }
            guard rows.insert(entry.row).inserted else { throw .notAllowed("an evaluation covers an entry twice") }
        }
        var made: Set<DecisionKey> = []
        for decision in decisions where !made.insert(DecisionKey(decision)).inserted {
            throw .notAllowed("an evaluation decides twice about one rule and group")
        }
        var ids: Set<[UInt8]> = []
        for new in notifications {
            guard ids.insert(Array(new.notification.id.utf8)).inserted else {
                throw .notAllowed("an evaluation makes a notification twice")
            }
            guard Set(new.deliveries.map { Array($0.recipient.utf8) }).count == new.deliveries.count else {
                throw .notAllowed("a notification names a recipient twice")
            }
        }
        guard stateChanges.allSatisfy({ $0.key.utf8.count <= Self.stateKeyBytesMax }) else {
            throw .notAllowed("a key of engine state is longer than \(Self.stateKeyBytesMax) bytes")
        }
    }
}

/// What a decision is unique by. Texts are compared as bytes: Swift's `==` on `String` is canonical equivalence, which
/// would merge what SQLite keeps apart.
struct DecisionKey: Hashable {
    /// The log position.
    let position: LogPosition
    /// The rule's name in UTF-8.
    let rule: [UInt8]
    /// The group in UTF-8.
    let group: [UInt8]?

    init(_ decision: Decision) {
        position = decision.position
        rule = Array(decision.rule.utf8)
        group = decision.group.map { Array($0.utf8) }
    }
}
