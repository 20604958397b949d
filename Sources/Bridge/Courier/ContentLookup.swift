import Events
import Rendering
package import Rules
package import Store

/// Fills in what rules show of an event's content: after the decision, which knows facts alone, and before the commit,
/// so that a mail needs nothing but its notification however late it is sent.
package struct ContentLookup: Sendable {
    /// After how many bodies looked at in one transaction no further entry is taken into it: a body may have many
    /// megabytes, and the mails of the entries before it wait.
    package static let batchBodiesMax = 50

    private let store: any StoreReading

    private let redaction: RedactionPatterns

    /// - Parameter redaction: What the operator wants taken out of texts.
    package init(store: any StoreReading, redaction: RedactionPatterns = .none) {
        self.store = store
        self.redaction = redaction
    }

    /// The notifications with their content found. Only events of notifications that ask for content are looked up;
    /// a body that cannot be had is said in the mail and never stops it. Throws when the store can no longer be used.
    package func filledIn(_ notifications: [Notification]) async throws(StoreError) -> [Notification] {
        var result: [Notification] = []
        result.reserveCapacity(notifications.count)
        var last: (event: Int64, body: Body)?
        for notification in notifications {
            let wanted = notification.awaitedContent
            guard !wanted.isEmpty, let event = notification.figures.event else {
                result.append(notification)
                continue
            }
            // Several rules may match one event; their notifications follow each other.
            if last?.event != event { last = (event, try await body(of: event)) }
            switch last?.body {
            case .found(let bytes):
                result.append(
                    notification.showing(ContentExcerpt.content(for: notification, body: bytes, redaction: redaction)))
            case .unreadable, nil:
                result.append(notification.showing(ShownContent(wanted: wanted, body: .unreadable)))
            }
        }
        return result
    }

    private enum Body {
        /// As stored, or `nil` when it is not.
        case found([UInt8]?)
        case unreadable
    }

    private func body(of event: Int64) async throws(StoreError) -> Body {
        do throws(StoreError) {
            return .found(try await store.body(ofEvent: event))
        } catch {
            if error.endsEvaluation { throw error }
            return .unreadable
        }
    }
}
