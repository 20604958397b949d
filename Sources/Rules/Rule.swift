package import Events
package import Expressions

/// One rule in force: which events, who is told, how often, how loudly.
package struct Rule: Sendable {
    /// Unique in its rule set; the key of the rule's state.
    package let name: String
    /// The compiled `when`, or `nil` for a rule that takes every event.
    package let condition: Program?
    /// Who is told, in the order of the file.
    package let audience: [Recipient]
    package let severity: Severity
    /// `at_most` per group, or `nil` for a mail per match.
    package let throttle: Throttle?
    /// `per`: what parts the events into groups; none for one group of all.
    package let groupFields: [GroupField]
    /// What is measured over time, or `nil` for a rule that decides about every event alone.
    package let window: Window?
    /// When what matched is told together, or `nil` for at once.
    package let digest: Schedule?
    /// Whether later versions of a stored event count too.
    package let takesRevisions: Bool
    /// The name of the template, or `nil` for the one that the reason suggests.
    package let template: String?
    /// The subject's own Mustache text, or `nil`.
    package let subject: String?
    /// What its mails show of the event's content, each once, in the order of the file; mostly nothing.
    package let content: [ContentPath]
    /// How its mails carry the facts of the event, or the lines of a summary, as a file; `nil` for not at all.
    package let attachment: AttachmentFormat?
    /// 32 hexadecimal digits over what the rule's state depends on: name, condition, the named conditions it uses,
    /// groups, window and throttle. A rule whose hash changed starts anew; every other rule keeps its state over a
    /// reload.
    package let stateHash: String

    package init(
        name: String, condition: Program?, audience: [Recipient], severity: Severity = .medium,
        throttle: Throttle? = nil, groupFields: [GroupField] = [], window: Window? = nil, digest: Schedule? = nil,
        takesRevisions: Bool = false, template: String? = nil, subject: String? = nil, content: [ContentPath] = [],
        attachment: AttachmentFormat? = nil, stateHash: String
    ) {
        self.name = name
        self.condition = condition
        self.audience = audience
        self.groupFields = groupFields
        self.window = window
        self.digest = digest
        self.takesRevisions = takesRevisions
        self.severity = severity
        self.throttle = throttle
        self.template = template
        self.subject = subject
        self.content = content
        self.attachment = attachment
        self.stateHash = stateHash
    }

    /// The addresses to tell, each once, in the order of the file.
    package var recipients: [String] {
        var seen: Set<String> = []
        return audience.flatMap(\.addresses).filter { seen.insert($0).inserted }
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
