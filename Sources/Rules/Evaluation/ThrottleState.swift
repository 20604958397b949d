import Events

/// The slots of one `at_most` — of a rule's group, of a recipient, or of all mails — in the window `(now − W, now]` of
/// engine time.
///
/// A slot is reserved when a mail is decided. It is confirmed when the mail is accepted, and given back when it ended
/// dead or cancelled. What finds no slot is held back: counted, and named in the next mail. If that mail dies, its
/// count comes back with its slot, so that it is named in the one after.
struct ThrottleState: Sendable {
    /// The mails of one notification.
    struct Slot: Sendable, Equatable {
        /// The notification: unique in the store.
        let notification: NotificationNumber
        var at: Timestamp
        /// How many mails of it count: 1 for a rule's throttle, one a recipient's address for the others.
        let mails: Int
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
    }

    let throttle: Throttle
    /// In the order of their time.
    var slots: [Slot] = []
    var heldBack = 0
    var heldBackSince: Timestamp?

    init(_ throttle: Throttle) {
        self.throttle = throttle
    }

    /// Whether nothing would be lost by forgetting it at `now`.
    func isIdle(at now: Timestamp) -> Bool {
        heldBack == 0 && firstOpen(at: now) == slots.count && !slots.contains { $0.heldBack > 0 && !$0.isConfirmed }
    }

    /// Whether `mails` more fit at `now`.
    func hasRoom(for mails: Int = 1, at now: Timestamp) -> Bool {
        let used = used(at: now)
        // What is more than the throttle could ever let through goes when nothing else is under way.
        return used + mails <= throttle.mails || (used == 0 && mails > throttle.mails)
    }

    /// Counts a match that found no room.
    mutating func holdBack(at now: Timestamp) {
        let (count, overflow) = heldBack.addingReportingOverflow(1)
        heldBack = overflow ? .max : count
        heldBackSince = heldBackSince ?? now
    }

    /// Takes the slots of a notification's mails, for which there is room, with what was held back before it.
    mutating func take(_ notification: NotificationNumber, mails: Int = 1, at now: Timestamp) -> Permit {
        let slot = Slot(
            notification: notification, at: now, mails: mails, heldBack: heldBack, heldBackSince: heldBackSince)
        heldBack = 0
        heldBackSince = nil
        slots.append(slot)
        forget(at: now)
        return Permit(
            isGranted: true, heldBack: slot.heldBack, heldBackSince: slot.heldBackSince, nextMailAt: nextMailAt(now))
    }

    /// Takes a slot for the match behind `notification`, or counts the match as held back.
    mutating func reserve(_ notification: NotificationNumber, at now: Timestamp) -> Permit {
        guard hasRoom(at: now) else {
            holdBack(at: now)
            return Permit(isGranted: false)
        }
        return take(notification, at: now)
    }

    /// Takes note of how the mails of a notification ended. Returns whether that changed anything.
    mutating func settle(
        _ notification: NotificationNumber, as outcome: NotificationEnd.Outcome, at now: Timestamp
    ) -> Bool {
        guard let index = slots.firstIndex(where: { $0.notification == notification }), !slots[index].isConfirmed
        else { return false }
        guard outcome != .accepted else {
            slots[index].isConfirmed = true
            slots[index].heldBack = 0
            slots[index].heldBackSince = nil
            forget(at: now)
            return true
        }
        let slot = slots.remove(at: index)
        forget(at: now)
        guard slot.heldBack > 0 else { return true }
        let (count, overflow) = heldBack.addingReportingOverflow(slot.heldBack)
        heldBack = overflow ? .max : count
        heldBackSince = [heldBackSince, slot.heldBackSince].compactMap { $0 }.min()
        return true
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

    /// How many mails count at `now`.
    func used(at now: Timestamp) -> Int {
        slots[firstOpen(at: now)...].reduce(0) { $0 + $1.mails }
    }

    /// Drops what the window has passed, but for mails under way that carry a count, newest first and as many as the
    /// throttle could ever hold.
    private mutating func forget(at now: Timestamp) {
        let first = firstOpen(at: now)
        guard first > 0 else { return }
        let carriers = slots[..<first].filter { $0.heldBack > 0 && !$0.isConfirmed }
        slots.replaceSubrange(..<first, with: carriers.suffix(Throttle.mailsMax))
    }

    /// When there is room for so many mails more, or `nil` when there is now.
    func nextMailAt(_ now: Timestamp, mails: Int = 1) -> Timestamp? {
        guard !hasRoom(for: mails, at: now) else { return nil }
        var used = used(at: now)
        for slot in slots[firstOpen(at: now)...] {
            used -= slot.mails
            if used + mails <= throttle.mails || used == 0 { return slot.at.advanced(by: throttle.window) }
        }
        return nil
    }
}
