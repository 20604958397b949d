/// What a rule may say about templates. The rim hands it in, because this room knows no templates.
package struct TemplateGrammar: Sendable {
    /// The names that `template:` may have, or `nil` when any may stand there.
    package let names: [String]?
    /// What is wrong with a `subject:`.
    package let subjectComplaints: @Sendable (_ text: String) -> [TemplateComplaint]

    /// Takes everything: for rule sets that were checked when they came into force.
    package static let any = TemplateGrammar(names: nil, subjectComplaints: { _ in [] })

    package init(names: [String]?, subjectComplaints: @escaping @Sendable (_ text: String) -> [TemplateComplaint]) {
        self.names = names
        self.subjectComplaints = subjectComplaints
    }
}

/// A fault of a subject template, and where in its text.
package struct TemplateComplaint: Error, Sendable, Equatable {
    /// What is wrong, without a full stop.
    package let message: String
    package let hint: String?
    /// How many Unicode scalars stand before the fault.
    package let scalarOffset: Int

    package init(message: String, hint: String?, scalarOffset: Int) {
        self.message = message
        self.hint = hint
        self.scalarOffset = scalarOffset
    }
}
