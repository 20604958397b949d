import Events
import Rules

extension MailStory {
    /// What one of Hookmail's own mails tells.
    init(_ own: OwnMail) {
        let fact: (OwnMail.Fact) -> Row? = { fact in
            guard let label = OwnText.line(fact.label), let value = OwnText.line(fact.value) else { return nil }
            return Row(label: label, value: value)
        }
        let note: (OwnMail.Note) -> Row? = { note in
            OwnText.line(note.title).map { title in
                Row(label: title, value: OwnText.line(note.detail, scalarsMax: Self.noteScalarsMax) ?? "")
            }
        }
        self.init(
            happened: own.happened, headline: own.headline, facts: own.facts.compactMap(fact),
            notes: own.notes.compactMap(note),
            texts: [
                "badge": own.kind.word, "badge_color": own.kind.color, "rule": "Hookmail", "happened": own.happened,
                "decided_at": TimeText.full(own.at), "why": own.why, "reason": own.kind.word,
            ].merging(own.advice.map { ["advice": $0] } ?? [:]) { own, _ in own })
    }

    /// The longest text of a note, in Unicode scalars.
    private static let noteScalarsMax = 2_000
}

extension OwnMail.Kind {
    /// The colour of the mail's head, dark enough for white text (contrast above 4.5).
    fileprivate var color: String {
        switch self {
        case .trouble: "#b42318"
        case .report: "#175cd3"
        case .test: "#1a7340"
        }
    }
}
