import Events
import Expressions

/// What a rule says about its mails: template, subject, content.
extension RuleSetReader {
    /// Reads `template:`.
    func template(_ node: YAMLNode) -> String? {
        guard let names = templates.names else {
            return values.text(node, "'template'", bytesMax: Rule.templateBytesMax)
        }
        return values.choice(node, "'template'", of: names)
    }

    /// Reads `subject:` of a rule whose mails show `content`.
    func subject(_ node: YAMLNode, content: [ContentPath]) -> String? {
        guard let text = values.text(node, "'subject'", bytesMax: Rule.subjectBytesMax) else { return nil }
        guard case .scalar(let scalar) = node.content else { return text }
        for complaint in templates.subjectComplaints(text, content) {
            sink.error(
                at: scalar.range(
                    ofScalar: complaint.scalarOffset,
                    length: TemplateComplaint.tagLength(text, from: complaint.scalarOffset), in: sink.source),
                "the subject cannot be rendered: \(complaint.message)", hint: complaint.hint)
        }
        return text
    }

    /// Reads `content:`, one name or a list of them.
    func content(_ entry: YAMLEntry) -> [ContentPath] {
        var paths: [ContentPath] = []
        for node in values.items(entry.value, "'content'", countMax: Rule.contentMax) {
            guard let text = values.text(node, "a part of 'content'", bytesMax: Self.contentBytesMax) else { continue }
            do throws(ContentPath.Fault) {
                let path = try ContentPath(parsing: text)
                if paths.contains(path) {
                    sink.error(at: node.range, "'content' names '\(path.name)' twice")
                } else {
                    paths.append(path)
                }
            } catch {
                let (message, hint) = complaint(error, about: text)
                sink.error(at: node.range, message, hint: hint)
            }
        }
        if !storesBodies, !paths.isEmpty {
            sink.warning(
                at: entry.keyRange, "this rule's mails cannot show content: bodies are never stored",
                hint: "set `keep: {bodies: 7d}`, or remove 'content'")
        }
        return paths
    }

    private static let contentBytesMax = ContentPath.keysMax * (ContentPath.keyBytesMax + 1) + 64

    private func complaint(_ fault: ContentPath.Fault, about text: String) -> (message: String, hint: String?) {
        let fields = ContentPath.Field.allCases.map(\.rawValue)
        switch fault {
        case .unknownField(let name):
            let nearest = Suggestion.nearest(to: name, among: ContentPath.names).map { "did you mean '\($0)'?" }
            return (
                "no content is called '\(name)'",
                nearest ?? "it is one of \(MappingReader.list(fields)), or a path such as variables.question"
            )
        case .noMembers(let field):
            let others = ContentPath.Field.allCases.filter(\.hasMembers).map(\.rawValue)
            return (
                "'\(field.rawValue)' has no members that could be named",
                "write `\(field.rawValue)` alone; paths lead into \(MappingReader.list(others))"
            )
        case .needsMembers(let field):
            return (
                "'\(field.rawValue)' alone would be the whole event",
                "name a member of it, such as `\(field.rawValue).action`"
            )
        case .malformed:
            return (
                "'\(text)' is no path",
                "write names with a dot between them, such as variables.question; at most \(ContentPath.keysMax) deep"
            )
        case .credential:
            return ("'\(text)' names a credential, which no mail shows", nil)
        }
    }
}
