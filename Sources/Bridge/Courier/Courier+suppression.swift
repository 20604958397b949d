import Events
import Logging
import Mail
import Rules
import Store
import Synchronization

/// Addresses that the mail server refused for good are left alone: a sender that goes on knocking is soon taken for one
/// of spam, and then nobody gets his mails.
///
/// The store's list is what counts; this is a copy of it, for there is one courier to a store. A mail that was tried
/// before is tried again whatever the list says: an operator asked for it, or it was under way already.
extension Courier {
    /// Reads the list at the start.
    func learnSuppressed() async {
        do {
            let refused = try await store.refusedAddresses()
            state.withLock { $0.suppressed = Set(refused) }
            guard !refused.isEmpty else { return }
            log.warning(
                "addresses get no mail: they were refused; see `hookmail suppressed list`",
                metadata: ["addresses": .stringConvertible(refused.count)])
        } catch {
            note(error, doing: "read suppressed addresses")
        }
    }

    /// Mails go to the address again.
    package func liftSuppression(of address: String) {
        state.withLock { _ = $0.suppressed.remove(address) }
    }

    /// Whether a delivery is not to be tried.
    func isSuppressed(_ delivery: LeasedDelivery) -> Bool {
        delivery.attempts == 0 && state.withLock { $0.suppressed.contains(delivery.recipient) }
    }

    /// Gives up a delivery to a suppressed address, with an attempt on record that says why.
    func giveUpSuppressed(_ delivery: LeasedDelivery, isBegun: Bool, at now: Timestamp) async {
        guard await begin(delivery, isBegun: isBegun, at: now) != nil else { return }
        let reply = Reply(
            classification: .permanent, text: "Not tried: the mail server refused this address for good before.",
            reason: .suppressed)
        report(reply, .dead, of: delivery)
        await settle(Settlement(delivery: delivery.id, at: clock.now(), reply: reply, next: .dead))
        if delivery.notification.holdsThrottleSlot { evaluatorBell.ring() }
    }
}

extension Courier.State {
    /// What an attempt says of its address.
    mutating func noteRecipient(_ recipient: String, _ reply: Reply) {
        switch reply.classification {
        case .recipientRefused: suppressed.insert(recipient)
        case .accepted: suppressed.remove(recipient)
        default: break
        }
    }
}
