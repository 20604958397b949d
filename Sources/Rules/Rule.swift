package import Events
package import Expressions

/// One rule in force: which events, who is told, how often, how loudly.
package struct Rule: Sendable {
    /// Unique in its rule set; the key of the rule's state.
    package let name: String
    /// The compiled `when`, or `nil` for a rule that takes every event.
    package let condition: Program?
    /// The addresses to tell, each once, in the order of the file.
    package let recipients: [String]
    package let severity: Severity
    /// `at_most`, or `nil` for a mail per match.
    package let throttle: Throttle?
    /// The name of the template, or `nil` for the one that the reason suggests.
    package let template: String?
    /// The subject's own Mustache text, or `nil`.
    package let subject: String?
    /// What its mails show of the event's content, each once, in the order of the file; mostly nothing.
    package let content: [ContentPath]
    /// 32 hexadecimal digits over what the rule's state depends on: name, condition, the named conditions it uses, and
    /// throttle. A rule whose hash changed starts anew; every other rule keeps its state over a reload.
    package let stateHash: String

    package init(
        name: String, condition: Program?, recipients: [String], severity: Severity = .medium,
        throttle: Throttle? = nil, template: String? = nil, subject: String? = nil, content: [ContentPath] = [],
        stateHash: String
    ) {
        self.name = name
        self.condition = condition
        self.recipients = recipients
        self.severity = severity
        self.throttle = throttle
        self.template = template
        self.subject = subject
        self.content = content
        self.stateHash = stateHash
    }

    /// The longest name in bytes: it is a part of state keys.
    package static let nameBytesMax = 200
    /// The most addresses a rule may tell: every one is a mail of its own and stands in the notification.
    package static let recipientsMax = 100
    /// The longest subject template in bytes.
    package static let subjectBytesMax = 500
    /// The most parts of an event's content that a rule may show.
    package static let contentMax = 8
    /// The longest name of a template in bytes.
    package static let templateBytesMax = 100
}
