package import Events

/// What a rule may say about templates. The rim hands it in, because this room knows no templates.
package struct TemplateGrammar: Sendable {
    /// The names that `template:` may have, or `nil` when any may stand there.
    package let names: [String]?
    /// What is wrong with a `subject:` of a rule whose mails show this content.
    package let subjectComplaints: @Sendable (_ text: String, _ content: [ContentPath]) -> [TemplateComplaint]

    /// Takes everything: for rule sets that were checked when they came into force.
    package static let any = TemplateGrammar(names: nil, subjectComplaints: { _, _ in [] })

    package init(
        names: [String]?,
        subjectComplaints: @escaping @Sendable (_ text: String, _ content: [ContentPath]) -> [TemplateComplaint]
    ) {
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

    /// How many scalars the tag has that begins at `offset`, 1 where none does or it never ends.
    package static func tagLength(_ text: String, from offset: Int) -> Int {
        let rest = Array(text.unicodeScalars.dropFirst(offset))
        guard rest.starts(with: ["{", "{"]) else { return 1 }
        var end = rest.indices.dropFirst(2).first { rest[$0...].starts(with: ["}", "}"]) }
        // `{{{name}}}` ends with three.
        if let two = end, rest.indices.contains(two + 2), rest[2] == "{", rest[two + 2] == "}" { end = two + 1 }
        return end.map { $0 + 2 } ?? 1
    }
}
