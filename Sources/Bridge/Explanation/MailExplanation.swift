package import Events
import Mail
import Rules
package import Store

/// Why a mail was made, as its notification kept it.
package struct MailExplanation: Sendable {
    package let detail: DeliveryDetail

    package init(_ detail: DeliveryDetail) {
        self.detail = detail
    }

    /// The explanation as JSON: what `mails show --json` prints without the message, and the figures of the decision.
    package var json: JSONValue {
        let notification = detail.record.notification
        let figures = notification.figures
        guard case .object(var object) = MailReport(detail: detail).json else { return .null }
        object["message"] = nil
        object["decided_at"] = .string(notification.at.rfc3339)
        object["condition"] = figures.condition.map { .string($0) } ?? .null
        object["values"] = .object(JSONObject(figures.deciding.map { ($0.name, .string($0.value)) }))
        object["throttle"] = figures.throttle.map { .string($0) } ?? .null
        object["held_back_since"] = figures.heldBackSince.map { .string($0.rfc3339) } ?? .null
        object["next_mail_at"] = figures.nextMailAt.map { .string($0.rfc3339) } ?? .null
        return .object(object)
    }
}
