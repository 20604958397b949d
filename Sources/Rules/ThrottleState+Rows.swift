import Events

/// How throttles are kept: a row for the slots, which changes with mails, and a small one for what is held back, which
/// changes with every match that finds no slot.
///
/// Both begin with a version byte and the 32 digits of the rule's `stateHash`; numbers are LEB128, signed ones zigzag.
extension ThrottleState {
    private static let version: UInt8 = 1

    /// The key of the row of slots.
    static func slotsKey(_ rule: String) -> String { "throttle/\(rule)" }
    /// The key of the row of what is held back.
    static func heldKey(_ rule: String) -> String { "held/\(rule)" }
    /// Both keys.
    static func keys(_ rule: String) -> [String] { [slotsKey(rule), heldKey(rule)] }

    /// The keys of the rows that the store has of this state.
    var keptKeys: [String] {
        (slots.isEmpty ? [] : [Self.slotsKey(rule)]) + (heldBack > 0 ? [Self.heldKey(rule)] : [])
    }

    /// Whether a row's value was written for the rule as it is now.
    static func isState(_ value: [UInt8]?, of rule: Rule) -> Bool {
        value?.starts(with: header(rule.stateHash)) ?? false
    }

    private static func header(_ stateHash: String) -> [UInt8] { [version] + Array(stateHash.utf8) }

    /// The row of the slots; about 10 bytes a slot.
    var slotsRow: EngineStateRow {
        guard !slots.isEmpty else { return EngineStateRow(key: Self.slotsKey(rule), value: nil) }
        var bytes = Self.header(stateHash)
        var position: Int64 = 0
        var at: Int64 = 0
        for slot in slots {
            bytes.append((slot.isConfirmed ? 1 : 0) | (slot.heldBack > 0 ? 2 : 0))
            bytes.appendSigned(slot.position &- position)
            bytes.appendSigned(slot.at.microseconds &- at)
            position = slot.position
            at = slot.at.microseconds
            guard slot.heldBack > 0 else { continue }
            bytes.appendUnsigned(UInt64(slot.heldBack))
            bytes.appendSigned((slot.heldBackSince ?? slot.at).microseconds &- at)
        }
        return EngineStateRow(key: Self.slotsKey(rule), value: bytes)
    }

    /// The row of what is held back.
    var heldRow: EngineStateRow {
        guard heldBack > 0, let heldBackSince else { return EngineStateRow(key: Self.heldKey(rule), value: nil) }
        var bytes = Self.header(stateHash)
        bytes.appendUnsigned(UInt64(heldBack))
        bytes.appendSigned(heldBackSince.microseconds)
        return EngineStateRow(key: Self.heldKey(rule), value: bytes)
    }

    /// Reads both rows back. A row of another version of the rule, or one that cannot be read, counts as none.
    mutating func restore(slots slotBytes: [UInt8]?, held heldBytes: [UInt8]?) {
        if let slotBytes, let slots = Self.slots(slotBytes, stateHash: stateHash) { self.slots = slots }
        guard let heldBytes, heldBytes.starts(with: Self.header(stateHash)) else { return }
        var reader = RowReader(heldBytes.dropFirst(Self.header(stateHash).count))
        guard let count = reader.unsigned(), let since = reader.signed(), count > 0, reader.isAtEnd else { return }
        heldBack = Int(clamping: count)
        heldBackSince = Timestamp(microseconds: since)
    }

    private static func slots(_ bytes: [UInt8], stateHash: String) -> [Slot]? {
        guard bytes.starts(with: header(stateHash)) else { return nil }
        var reader = RowReader(bytes.dropFirst(header(stateHash).count))
        var slots: [Slot] = []
        var position: Int64 = 0
        var at: Int64 = 0
        while !reader.isAtEnd {
            guard let flags = reader.byte(), let positionStep = reader.signed(), let step = reader.signed() else {
                return nil
            }
            position = position &+ positionStep
            at = at &+ step
            var slot = Slot(position: position, at: Timestamp(microseconds: at))
            slot.isConfirmed = flags & 1 != 0
            if flags & 2 != 0 {
                guard let count = reader.unsigned(), let since = reader.signed() else { return nil }
                slot.heldBack = Int(clamping: count)
                slot.heldBackSince = Timestamp(microseconds: at &+ since)
            }
            slots.append(slot)
        }
        return slots
    }
}
