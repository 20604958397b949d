import Events
import Mail
import Rendering
package import Rules
package import Store
import Synchronization

extension Courier {
    /// Slots taken for mails that an evaluation is about to make. Must be given to `take` or `cancel`.
    package struct Reservation: Sendable {
        let slots: Int
    }

    /// Takes up to `deliveriesWanted` free slots, none while nothing may be sent.
    package func reserve(deliveriesWanted: Int) -> Reservation {
        let reading = clock.reading()
        return state.withLock { state in
            state.note(reading)
            guard deliveriesWanted > 0, state.maySend(at: reading.wall) else { return Reservation(slots: 0) }
            return Reservation(slots: state.takeSlots(wanted: deliveriesWanted))
        }
    }

    /// Turns notifications into new deliveries; the first ones, as far as the reservation reaches, are composed here
    /// and born with their attempt begun, so that the evaluation's commit is the last one before their DATA.
    package func prepare(_ notifications: [Notification], within reservation: Reservation) -> [NewNotification] {
        let now = clock.now()
        let leaseUntil = now.advanced(by: .seconds(Self.leaseSeconds))
        let composer = state.withLock { $0.composer }
        var slots = reservation.slots
        return notifications.map { notification in
            let deliveries = notification.recipients.map { recipient -> NewDelivery in
                guard slots > 0 else { return NewDelivery(recipient: recipient, start: nil) }
                slots -= 1
                let composed = composer.compose(notification, recipient: recipient, now: now)
                if let fault = composed.templateFault { warn(fault, of: notification) }
                return NewDelivery(
                    recipient: recipient,
                    start: .init(
                        message: composed.message, templateFault: composed.templateFault, leaseUntil: leaseUntil))
            }
            return NewNotification(notification: notification, deliveries: deliveries)
        }
    }

    /// Takes over what the commit made; slots that were not used are free again.
    package func take(_ begun: [LeasedDelivery], reservation: Reservation, hasQueued: Bool) {
        state.withLock { state in
            state.slotsFree += reservation.slots - begun.count
            state.handedOver += begun
            state.leased.formUnion(begun.map(\.id))
            if hasQueued { state.mayHaveDue = true }
        }
        if !begun.isEmpty || hasQueued { bell.ring() }
    }

    /// Gives a reservation back after a failed commit.
    package func cancel(_ reservation: Reservation) {
        state.withLock { $0.slotsFree += reservation.slots }
    }
}
