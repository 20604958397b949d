import Rules

/// A group's values, fit to be shown. They came with events.
enum GroupText {
    /// What a sentence calls the group: `openai, gpt-4o`; `nil` for a rule without groups.
    static func phrase(_ notification: Notification) -> String? {
        let values = notification.figures.group.map(\.value)
        if values == [other] { return "all groups beyond the limit" }
        guard !values.isEmpty else { return notification.group.flatMap(EventText.phrase) }
        return values.map(phrase).joined(separator: ", ")
    }

    /// The values under names that people read.
    static func rows(_ notification: Notification) -> [MailStory.Row] {
        notification.figures.group.compactMap { field in
            guard let name = OwnText.line(field.name, scalarsMax: 40) else { return nil }
            let value = EventText.line(field.value) ?? GroupField.none
            return MailStory.Row(label: FactWords.label(name), value: value)
        }
    }

    /// What stands for the groups that found no place of their own.
    private static let other = "(other)"

    private static func phrase(_ value: String) -> String {
        value == GroupField.none ? value : EventText.phrase(value) ?? GroupField.none
    }
}
