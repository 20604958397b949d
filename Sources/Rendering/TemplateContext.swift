import Mustache

/// A story as the dictionaries that templates read: one laid out for fixed width, one for HTML.
///
/// Values of the HTML form are escaped before a template sees them, and no template escapes again: so `{{{name}}}` is
/// as harmless as `{{name}}`.
struct TemplateContext {
    /// For the text part.
    let text: [String: Any]
    /// For the HTML part.
    let html: [String: Any]

    /// For subjects: what the text part has, and the content that the rule lists.
    let subject: [String: Any]

    /// The indent of tables and quoted blocks in the text part.
    private static let indent = 2

    init(_ story: MailStory, subject: String) {
        var text: [String: Any] = [:]
        var html: [String: Any] = [:]
        var texts = story.texts
        texts["subject"] = subject
        for (name, value) in texts {
            text[name] = Shown(renderText: Self.laidOut(name, value))
            html[name] = Shown(renderText: HTMLText.escaped(value))
        }
        for (name, flag) in story.flags {
            text[name] = flag
            html[name] = flag
        }
        text["facts"] = Self.table(story.facts, names: ("label", "value"))
        html["facts"] = Self.cells(story.facts, names: ("label", "value"))
        text["deciding"] = Self.table(story.deciding, names: ("name", "value"), indent: 2 * Self.indent)
        html["deciding"] = Self.cells(story.deciding, names: ("name", "value"))
        text["error_lines"] = Self.lines(story.errorLines, indent: 2 * Self.indent)
        html["error_lines"] = story.errorLines.map { ["line": Shown(renderText: HTMLText.escaped($0))] }
        text["condition_lines"] = Self.lines(story.conditionLines, indent: 2 * Self.indent)
        html["condition_lines"] = story.conditionLines.map { ["line": Shown(renderText: HTMLText.escaped($0))] }
        text["content"] = story.content.blocks.map { Self.block($0) { Self.lines($0, indent: 2 * Self.indent) } }
        html["content"] = story.content.blocks.map { block in
            Self.block(block, shown: HTMLText.escaped) { $0.map { ["line": Shown(renderText: HTMLText.escaped($0))] } }
        }
        self.text = text
        self.html = html
        let contentTexts: [String: Any] = story.content.subjectTexts.mapValues { Shown(renderText: $0) }
        self.subject = text.merging(contentTexts) { own, _ in own }
    }

    /// Sentences are wrapped; single values are not, their place in the line is the template's affair.
    private static func laidOut(_ name: String, _ value: String) -> String {
        switch name {
        case "happened", "status_meaning", "why", "held_back_line", "condition_line", "decided_line", "content_note":
            TextColumn.hanging(value, indent: 0)
        default: value
        }
    }

    /// An excerpt with our words around it.
    private static func block(
        _ block: ContentStory.Block, shown: (String) -> String = { $0 }, lines: ([String]) -> [[String: Shown]]
    ) -> [String: Any] {
        var members: [String: Any] = [
            "content_label": Shown(renderText: shown(block.label)), "content_lines": lines(block.lines),
        ]
        members["content_more"] = block.note.map { Shown(renderText: shown($0)) }
        return members
    }

    private static func table(
        _ rows: [MailStory.Row], names: (String, String), indent: Int = indent
    ) -> [[String: Shown]] {
        let width = min(rows.map { TextColumn.width(of: $0.label) }.max() ?? 0, 30)
        return rows.map { row in
            let label = TextColumn.padded(row.label, to: width)
            let used = indent + max(width, TextColumn.width(of: row.label)) + 2
            let isTooNarrow = used > TextColumn.columnsMax - 24
            let value = TextColumn.hanging(row.value, indent: isTooNarrow ? indent + 4 : used)
            let start = isTooNarrow ? "\n" + String(repeating: " ", count: indent + 4) : ""
            return [names.0: Shown(renderText: label), names.1: Shown(renderText: start + value)]
        }
    }

    private static func cells(_ rows: [MailStory.Row], names: (String, String)) -> [[String: Shown]] {
        rows.map { row in
            [
                names.0: Shown(renderText: HTMLText.escaped(row.label)),
                names.1: Shown(renderText: HTMLText.escaped(row.value)),
            ]
        }
    }

    private static func lines(_ lines: [String], indent: Int) -> [[String: Shown]] {
        lines.flatMap { TextColumn.wrapped($0, columns: TextColumn.columnsMax - indent) }
            .map { ["line": Shown(renderText: $0)] }
    }
}

/// A text for the template engine that it neither looks into by reflection nor describes in its own way.
struct Shown: MustacheCustomRenderable, MustacheParent, Sendable {
    let renderText: String
    var isNull: Bool { false }
    func child(named: String) -> Any? { nil }
}
