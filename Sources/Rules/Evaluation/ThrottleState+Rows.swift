import Events

/// How throttles are kept: as a part of the row of what they bound, in LEB128 numbers.
extension ThrottleState {
    /// Appends slots and what is held back; about 12 bytes a slot.
    func encode(into bytes: inout [UInt8]) {
        bytes.appendUnsigned(UInt64(slots.count))
        var position: Int64 = 0
        var at: Int64 = 0
        for slot in slots {
            bytes.append((slot.isConfirmed ? 1 : 0) | (slot.heldBack > 0 ? 2 : 0))
            bytes.appendSigned(slot.notification.position &- position)
            bytes.appendUnsigned(UInt64(slot.notification.ordinal))
            bytes.appendSigned(slot.at.microseconds &- at)
            bytes.appendUnsigned(UInt64(slot.mails))
            position = slot.notification.position
            at = slot.at.microseconds
            guard slot.heldBack > 0 else { continue }
            bytes.appendUnsigned(UInt64(slot.heldBack))
            bytes.appendSigned((slot.heldBackSince ?? slot.at).microseconds &- at)
        }
        bytes.appendUnsigned(UInt64(heldBack))
        if heldBack > 0 { bytes.appendSigned(heldBackSince?.microseconds ?? 0) }
    }

    /// Reads what `encode` wrote; `nil` when the bytes are none of it.
    init?(_ throttle: Throttle, from reader: inout RowReader) {
        self.throttle = throttle
        guard let count = reader.count(ofSize: 5) else { return nil }
        var position: Int64 = 0
        var at: Int64 = 0
        for _ in 0..<count {
            guard let flags = reader.byte(), let positionStep = reader.signed(), let ordinal = reader.unsigned(),
                let step = reader.signed(), let mails = reader.unsigned()
            else { return nil }
            position = position &+ positionStep
            at = at &+ step
            var slot = Slot(
                notification: NotificationNumber(position: position, ordinal: Int(clamping: ordinal)),
                at: Timestamp(microseconds: at), mails: Int(min(mails, UInt64(Throttle.mailsMax))))
            slot.isConfirmed = flags & 1 != 0
            if flags & 2 != 0 {
                guard let held = reader.unsigned(), let since = reader.signed() else { return nil }
                slot.heldBack = Int(clamping: held)
                slot.heldBackSince = Timestamp(microseconds: at &+ since)
            }
            slots.append(slot)
        }
        guard let held = reader.unsigned() else { return nil }
        heldBack = Int(clamping: held)
        guard held > 0 else { return }
        guard let since = reader.signed() else { return nil }
        heldBackSince = Timestamp(microseconds: since)
    }
}
