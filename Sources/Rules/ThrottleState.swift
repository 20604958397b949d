import Events

/// The slots of one rule's `at_most`, in the window `(now − W, now]` of engine time.
///
/// A slot is reserved when a mail is decided. It is confirmed when the mail is accepted, and given back when it ended
/// dead or cancelled. What finds no slot is held back: counted, and named in the next mail. If that mail dies, its
/// count comes back with its slot, so that it is named in the one after.
struct ThrottleState: Sendable {
    /// One mail that was decided.
    struct Slot: Sendable, Equatable {
        /// The log position of the decision: unique within a rule.
        let position: LogPosition
        let at: Timestamp
        /// How many held-back matches the mail names and since when; forgotten once it is accepted.
        var heldBack = 0
        var heldBackSince: Timestamp?
        /// Whether the mail was accepted.
        var isConfirmed = false
    }

    /// The answer to a match.
    struct Permit {
        let isGranted: Bool
        var heldBack = 0
        var heldBackSince: Timestamp?
        var nextMailAt: Timestamp?
        let changes: [EngineStateRow]
    }

    let rule: String
    let stateHash: String
    let throttle: Throttle
    /// In the order of their time.
    var slots: [Slot] = []
    var heldBack = 0
    var heldBackSince: Timestamp?

    /// The state as `rows` have it, fresh where they have none of this rule as it is now; `nil` for a rule without
    /// throttle.
    init?(rule: Rule, rows: [String: [UInt8]]) {
        guard let throttle = rule.throttle else { return nil }
        self.rule = rule.name
        self.stateHash = rule.stateHash
        self.throttle = throttle
        restore(slots: rows[Self.slotsKey(rule.name)], held: rows[Self.heldKey(rule.name)])
    }

    /// Takes a slot for the match at `position`, or counts the match as held back.
    mutating func reserve(position: LogPosition, at now: Timestamp) -> Permit {
        guard slots.count - firstOpen(at: now) < throttle.mails else {
            let (count, overflow) = heldBack.addingReportingOverflow(1)
            heldBack = overflow ? .max : count
            heldBackSince = heldBackSince ?? now
            return Permit(isGranted: false, changes: [heldRow])
        }
        let slot = Slot(position: position, at: now, heldBack: heldBack, heldBackSince: heldBackSince)
        let hadHeldBack = heldBack > 0
        heldBack = 0
        heldBackSince = nil
        slots.append(slot)
        forget(at: now)
        return Permit(
            isGranted: true, heldBack: slot.heldBack, heldBackSince: slot.heldBackSince, nextMailAt: nextMailAt(now),
            changes: hadHeldBack ? [slotsRow, heldRow] : [slotsRow]
        )
    }

    /// Takes note of how the mail decided at `position` ended.
    mutating func settle(
        position: LogPosition, as outcome: NotificationEnd.Outcome, at now: Timestamp
    ) -> [EngineStateRow] {
        guard let index = slots.firstIndex(where: { $0.position == position }), !slots[index].isConfirmed else {
            return []
        }
        guard outcome != .accepted else {
            slots[index].isConfirmed = true
            slots[index].heldBack = 0
            slots[index].heldBackSince = nil
            forget(at: now)
            return [slotsRow]
        }
        let slot = slots.remove(at: index)
        forget(at: now)
        guard slot.heldBack > 0 else { return [slotsRow] }
        let (count, overflow) = heldBack.addingReportingOverflow(slot.heldBack)
        heldBack = overflow ? .max : count
        heldBackSince = [heldBackSince, slot.heldBackSince].compactMap { $0 }.min()
        return [slotsRow, heldRow]
    }

    /// The index of the first slot inside the window that ends at `now`.
    func firstOpen(at now: Timestamp) -> Int {
        let start = now.advanced(by: .zero - throttle.window)
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].at > start { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Drops what the window has passed, but for mails under way that carry a count, newest first and as many as the
    /// throttle could ever hold.
    private mutating func forget(at now: Timestamp) {
        let first = firstOpen(at: now)
        guard first > 0 else { return }
        let carriers = slots[..<first].filter { $0.heldBack > 0 && !$0.isConfirmed }
        slots.replaceSubrange(..<first, with: carriers.suffix(Throttle.mailsMax))
    }

    /// When a slot is free again, or `nil` when one is free now.
    func nextMailAt(_ now: Timestamp) -> Timestamp? {
        let first = firstOpen(at: now)
        guard slots.count - first >= throttle.mails else { return nil }
        return slots[first + slots.count - first - throttle.mails].at.advanced(by: throttle.window)
    }
}
