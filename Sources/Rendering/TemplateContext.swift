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

    init(_ story: MailStory, subject: String, links: MailLinks = MailLinks()) {
        var text: [String: Any] = [:]
        var html: [String: Any] = [:]
        var texts = story.texts
        texts["subject"] = subject
        texts.merge(links.texts) { own, _ in own }
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
        text["figures"] = Self.table(story.rows, names: ("label", "value"))
        html["figures"] = Self.cells(story.rows, names: ("label", "value"))
        text["trend"] = Self.bars(story.trend)
        html["trend"] = (story.trend?.bars ?? []).map(Self.cell)
        text["summary"] = story.lines.map(Self.lines)
        html["summary"] = story.lines.map(Self.cells)
        text["notes"] = story.notes.map(Self.note)
        html["notes"] = story.notes.map(Self.noteCells)
        text["rankings"] = (story.breakdown?.rankings ?? []).map(Self.ranking)
        html["rankings"] = (story.breakdown?.rankings ?? []).map(Self.rankingCells)
        text["clusters"] = (story.breakdown?.clusters ?? []).map(Self.cluster)
        html["clusters"] = (story.breakdown?.clusters ?? []).map(Self.clusterCells)
        self.text = text
        self.html = html
        var named = text
        // Where the code has a name, the status is told in our own words.
        let isOwnStatus = texts["status_name"] != nil
        for (name, value) in texts where name != "status" || !isOwnStatus {
            named[name] = Shown(renderText: SubjectText.marked(name, Self.laidOut(name, value)))
        }
        for (name, value) in story.content.subjectTexts where named[name] == nil {
            named[name] = Shown(renderText: SubjectText.marked(value))
        }
        self.subject = named
    }

    /// Sentences are wrapped; single values are not, their place in the line is the template's affair.
    private static func laidOut(_ name: String, _ value: String) -> String {
        switch name {
        case "happened", "status_meaning", "why", "held_back_line", "condition_line", "decided_line", "content_note",
            "limit_line", "explain_line", "breakdown_line", "trend_line", "trend_words", "inhibits_line",
            "withheld_line", "event_line", "summary_rest", "summary_total", "advice":
            TextColumn.hanging(value, indent: 0)
        default: value
        }
    }

    private static func note(_ note: MailStory.Row) -> [String: Shown] {
        var members = ["note_title": Shown(renderText: TextColumn.hanging(note.label, indent: indent))]
        if !note.value.isEmpty {
            members["note_detail"] = Shown(renderText: TextColumn.hanging(note.value, indent: indent))
        }
        return members
    }

    private static func noteCells(_ note: MailStory.Row) -> [String: Shown] {
        var members = ["note_title": Shown(renderText: HTMLText.escaped(note.label))]
        if !note.value.isEmpty { members["note_detail"] = Shown(renderText: HTMLText.escaped(note.value)) }
        return members
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

// MARK: Windows and summaries

extension TemplateContext {
    /// How many `#` the highest bar has.
    private static let hashesMax = 40
    /// Where the texts of a summary's line begin.
    private static let lineIndent = 8

    /// The bars as rows: when, how much, and as many signs.
    private static func bars(_ trend: TrendStory?) -> [[String: Shown]] {
        guard let trend else { return [] }
        let width = trend.bars.map { TextColumn.width(of: $0.value) }.max() ?? 0
        let timeWidth = trend.bars.map { TextColumn.width(of: $0.time) }.max() ?? 0
        return trend.bars.map { bar in
            let signs = String(repeating: "#", count: bar.level * hashesMax / TrendStory.levelMax)
            let space = String(repeating: " ", count: width - TextColumn.width(of: bar.value))
            return [
                "time": Shown(renderText: TextColumn.padded(bar.time, to: timeWidth)),
                "value": Shown(renderText: space + bar.value),
                "bar": Shown(renderText: signs),
            ]
        }
    }

    /// A bar as a cell: its height in pixels, and the rest up to the highest one's.
    private static func cell(_ bar: TrendStory.Bar) -> [String: Shown] {
        [
            "time": Shown(renderText: HTMLText.escaped(bar.time)),
            "value": Shown(renderText: HTMLText.escaped(bar.value)),
            "bar": Shown(renderText: "\(max(1, bar.level * pixelsOfLevel))"),
        ]
    }

    private static let pixelsOfLevel = 3

    private static func lines(_ line: SummaryStory.Line) -> [String: Shown] {
        let space = String(repeating: " ", count: max(0, lineIndent - 2 - TextColumn.width(of: line.count)))
        var members = [
            "line_count": space + line.count, "line_title": TextColumn.hanging(line.title, indent: lineIndent),
            "line_detail": TextColumn.hanging(line.detail, indent: lineIndent),
        ]
        members["line_error"] = line.error.map { TextColumn.hanging($0, indent: lineIndent) }
        members["line_sample"] = line.sample.map { TextColumn.hanging($0, indent: lineIndent + indent) }
        // An address that is cut by a line's end leads nowhere.
        members["line_log_url"] = line.log
        return members.mapValues { Shown(renderText: $0) }
    }

    private static func cells(_ line: SummaryStory.Line) -> [String: Shown] {
        var members = ["line_count": line.count, "line_title": line.title, "line_detail": line.detail]
        members["line_error"] = line.error
        members["line_sample"] = line.sample
        members["line_log_url"] = line.log
        return members.mapValues { Shown(renderText: HTMLText.escaped($0)) }
    }
}

// MARK: Breakdowns

extension TemplateContext {
    /// The widest value of a ranking, in columns.
    private static let valueColumnsMax = 36

    /// Values in columns: the value, its amount, its share, its change.
    private static func ranking(_ ranking: BreakdownStory.Ranking) -> [String: Any] {
        let values = ranking.parts.map { TextColumn.cut($0.value, columns: valueColumnsMax) }
        let valueWidth = values.map { TextColumn.width(of: $0) }.max() ?? 0
        let amountWidth = ranking.parts.map { TextColumn.width(of: $0.amount) }.max() ?? 0
        let parts = zip(ranking.parts, values).map { part, value -> [String: Shown] in
            let space = String(repeating: " ", count: amountWidth - TextColumn.width(of: part.amount))
            var members = [
                "part_value": TextColumn.padded(value, to: valueWidth), "part_amount": space + part.amount,
                "part_share": String(repeating: " ", count: max(0, 4 - part.share.utf8.count)) + part.share,
            ]
            members["part_change"] = part.change
            return members.mapValues { Shown(renderText: $0) }
        }
        return ["ranking_label": Shown(renderText: ranking.label), "ranking_parts": parts]
    }

    private static func rankingCells(_ ranking: BreakdownStory.Ranking) -> [String: Any] {
        let parts = ranking.parts.map { part -> [String: Shown] in
            var members = ["part_value": part.value, "part_amount": part.amount, "part_share": part.share]
            members["part_change"] = part.change
            return members.mapValues { Shown(renderText: HTMLText.escaped($0)) }
        }
        return ["ranking_label": Shown(renderText: HTMLText.escaped(ranking.label)), "ranking_parts": parts]
    }

    private static func cluster(_ cluster: BreakdownStory.Cluster) -> [String: Shown] {
        let space = String(repeating: " ", count: max(0, lineIndent - 2 - TextColumn.width(of: cluster.count)))
        var members = [
            "cluster_count": space + cluster.count,
            "cluster_signature": TextColumn.hanging(cluster.signature, indent: lineIndent),
            "cluster_detail": TextColumn.hanging(cluster.detail, indent: lineIndent),
        ]
        members["cluster_sample"] = cluster.sample.map { TextColumn.hanging($0, indent: lineIndent + indent) }
        members["cluster_log_url"] = cluster.log
        return members.mapValues { Shown(renderText: $0) }
    }

    private static func clusterCells(_ cluster: BreakdownStory.Cluster) -> [String: Shown] {
        var members = [
            "cluster_count": cluster.count, "cluster_signature": cluster.signature, "cluster_detail": cluster.detail,
        ]
        members["cluster_sample"] = cluster.sample
        members["cluster_log_url"] = cluster.log
        return members.mapValues { Shown(renderText: HTMLText.escaped($0)) }
    }
}

/// A text for the template engine that it neither looks into by reflection nor describes in its own way.
struct Shown: MustacheCustomRenderable, MustacheParent, Sendable {
    let renderText: String
    var isNull: Bool { false }
    func child(named: String) -> Any? { nil }
}
