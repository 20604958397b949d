import Events
import Rules

/// What a mail shows of an event's content, fit to be shown, and what it says where there is nothing to show.
struct ContentStory {
    /// One excerpt: our words above it, its lines, our words below it.
    struct Block {
        let label: String
        let lines: [String]
        let note: String?
    }

    let blocks: [Block]
    /// What was asked for and cannot be shown, as a sentence, or `nil`.
    let note: String?
    /// The texts as one line each, by their field's name: for subjects only.
    let subjectTexts: [String: String]

    init(_ content: ShownContent?, event: Int64?) {
        guard let content else {
            (blocks, note, subjectTexts) = ([], nil, [:])
            return
        }
        blocks = content.excerpts.map { excerpt in
            let lines = EventText.block(
                excerpt.text, scalarsMax: ShownContent.excerptScalarsMax, linesMax: ShownContent.excerptLinesMax)
            let left = FigureText.grouped(Int64(excerpt.scalarsLeft))
            let more = excerpt.scalarsLeft == 1 ? "1 more character" : "\(left) more characters"
            return Block(
                label: "\(Self.title(of: excerpt.path)), as it came with the event (not written by us):", lines: lines,
                note: excerpt.scalarsLeft > 0 ? "[… \(more)]" : nil)
        }
        note = Self.note(on: content, event: event)
        var texts: [String: String] = [:]
        for excerpt in content.excerpts where excerpt.path.keys.isEmpty {
            texts[excerpt.path.field.rawValue] = EventText.line(
                Self.gist(of: excerpt), scalarsMax: SubjectLine.restScalarsMax)
        }
        subjectTexts = texts
    }

    /// What a subject has room for: of a conversation the last thing a user said, of an answer its words alone.
    private static func gist(of excerpt: ShownContent.Excerpt) -> String {
        let role: String
        switch excerpt.path.field {
        case .prompt: role = "user: "
        case .completion: role = "assistant: "
        default: return excerpt.text
        }
        let lines = excerpt.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.lastIndex(where: { $0.utf8.starts(with: role.utf8) }) else { return excerpt.text }
        return String(lines[start...].joined(separator: "\n").dropFirst(role.count))
    }

    private static func note(on content: ShownContent, event: Int64?) -> String? {
        let event = event.map { "event \($0)" } ?? "the event"
        switch content.body {
        case .read:
            let absent = content.absent.map(title)
            return absent.isEmpty ? nil : "Not in the event: \(list(absent))."
        case .gone, .awaited:
            return "\(whatIsMissing(content)) cannot be shown: the body of \(event) was not stored, or is gone "
                + "(keep: bodies)."
        case .unreadable:
            return "\(whatIsMissing(content)) cannot be shown: the stored body of \(event) could not be read."
        }
    }

    private static func whatIsMissing(_ content: ShownContent) -> String {
        list(content.wanted.map(title))
    }

    /// The name of a field in our own words, and the members below it: not with dots, which a mail program might take
    /// for the name of a host.
    private static func title(of path: ContentPath) -> String {
        OwnText.line(([title(of: path.field)] + path.keys).joined(separator: " › "), scalarsMax: 80) ?? "Content"
    }

    private static func title(of field: ContentPath.Field) -> String {
        switch field {
        case .prompt: "Prompt"
        case .completion: "Completion"
        case .variables: "Variables"
        case .fullRequest: "Full request"
        case .fullResponse: "Full response"
        case .toolCalls: "Tool calls"
        case .metadata: "Metadata"
        case .event: "Event"
        }
    }

    /// `a, b and c`.
    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}
