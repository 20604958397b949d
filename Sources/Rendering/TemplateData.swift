import Events

/// What templates see of a notification, as JSON: every name of `TemplateVocabulary` that has a value. For people who
/// write templates; the texts are those of the text part before they are wrapped.
enum TemplateData {
    /// The data of the mail that tells `story` under this subject.
    static func json(_ story: MailStory, subject: String, links: MailLinks) -> JSONValue {
        var object = JSONObject()
        var texts = story.texts
        texts["subject"] = subject
        texts.merge(links.texts) { own, _ in own }
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) { object[name] = .string(text) }
        for (name, flag) in story.flags.sorted(by: { $0.key < $1.key }) { object[name] = .bool(flag) }
        object["facts"] = rows(story.facts, name: "label")
        object["deciding"] = rows(story.deciding, name: "name")
        object["error_lines"] = lines(story.errorLines)
        object["condition_lines"] = lines(story.conditionLines)
        object["content"] = .array(
            story.content.blocks.map { block in
                var member = JSONObject()
                member["content_label"] = .string(block.label)
                member["content_lines"] = lines(block.lines)
                member["content_more"] = block.note.map { .string($0) }
                return .object(member)
            })
        object["figures"] = rows(story.rows, name: "label")
        object["trend"] = list(story.trend?.bars ?? []) { bar in
            [("time", bar.time), ("value", bar.value), ("bar", String(repeating: "#", count: bar.level))]
        }
        object["summary"] = list(story.lines) { line in
            [
                ("line_count", line.count), ("line_title", line.title), ("line_error", line.error),
                ("line_sample", line.sample), ("line_detail", line.detail),
                ("line_log_url", line.log),
            ]
        }
        object["notes"] = list(story.notes) { note in
            [("note_title", note.label), ("note_detail", note.value.isEmpty ? nil : note.value)]
        }
        object["rankings"] = .array((story.breakdown?.rankings ?? []).map(ranking))
        object["clusters"] = list(story.breakdown?.clusters ?? []) { cluster in
            [
                ("cluster_count", cluster.count), ("cluster_signature", cluster.signature),
                ("cluster_sample", cluster.sample), ("cluster_detail", cluster.detail),
                ("cluster_log_url", cluster.log),
            ]
        }
        return .object(object)
    }

    private static func ranking(_ ranking: BreakdownStory.Ranking) -> JSONValue {
        var member = JSONObject()
        member["ranking_label"] = .string(ranking.label)
        member["ranking_parts"] = list(ranking.parts) { part in
            [
                ("part_value", part.value), ("part_amount", part.amount), ("part_share", part.share),
                ("part_change", part.change),
            ]
        }
        return .object(member)
    }

    private static func list<Item>(_ items: [Item], _ members: (Item) -> [(String, String?)]) -> JSONValue {
        .array(
            items.map { item in
                .object(JSONObject(members(item).compactMap { name, text in text.map { (name, .string($0)) } }))
            })
    }

    private static func rows(_ rows: [MailStory.Row], name: String) -> JSONValue {
        .array(
            rows.map { row in
                var member = JSONObject()
                member[name] = .string(row.label)
                member["value"] = .string(row.value)
                return .object(member)
            })
    }

    private static func lines(_ lines: [String]) -> JSONValue {
        .array(
            lines.map { line in
                var member = JSONObject()
                member["line"] = .string(line)
                return .object(member)
            })
    }
}
