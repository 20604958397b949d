import Events
package import Rendering
package import Rules
package import Store

/// Finds where the logs of the events stand that a summary or an alert names, one example for each of its lines: after
/// the decision and before the commit, so that a mail needs nothing but its notification.
package struct LogLookup: Sendable {
    /// How many events are looked up for the notifications of one transaction: their mails wait for it.
    package static let eventsMax = 500

    private let store: any StoreReading
    private let composer: Composer

    /// - Parameter composer: Knows the pattern of addresses, and what is taken out of texts.
    package init(store: any StoreReading, composer: Composer) {
        self.store = store
        self.composer = composer
    }

    /// The notifications with the addresses. An event that is gone has none. A store that cannot be read just now costs
    /// the links and no mail; throws when it can no longer be used.
    package func filledIn(_ notifications: [Notification]) async throws(StoreError) -> [Notification] {
        guard composer.logLink != nil else { return notifications }
        var result: [Notification] = []
        result.reserveCapacity(notifications.count)
        var known: [Int64: String?] = [:]
        for notification in notifications {
            var logs: [ExampleLog] = []
            for event in notification.exampleEvents {
                if known[event] == nil {
                    guard known.count < Self.eventsMax else { continue }
                    known[event] = .some(try await address(of: event))
                }
                if let address = known[event] ?? nil { logs.append(ExampleLog(event: event, address: address)) }
            }
            result.append(logs.isEmpty ? notification : notification.linking(logs))
        }
        return result
    }

    private func address(of event: Int64) async throws(StoreError) -> String? {
        do throws(StoreError) {
            return try await store.event(event).flatMap { composer.logAddress(of: $0.facts) }
        } catch {
            if error.endsEvaluation { throw error }
            return nil
        }
    }
}
