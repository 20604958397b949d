/// Follows templates through their partials and finds names that nothing fills, partials that do not exist, and what
/// would not end. A missing name renders as nothing in Mustache, so it must be found when templates load.
struct TemplateChecker {
    /// The deepest nesting of partials.
    static let partialDepthMax = 8
    /// The most tags of a template with its partials put in place.
    static let tagsMax = 5_000

    let tags: [String: [TemplateScanner.Tag]]
    private(set) var faults: [TemplateFault] = []
    private var tagsSeen = 0

    /// What a section gives to what stands in it.
    private enum Scope {
        case text, flag
        case list(String)
        case inverted
    }

    init(tags: [String: [TemplateScanner.Tag]]) {
        self.tags = tags
    }

    /// Checks the template `name` as one that is rendered by itself.
    mutating func check(_ name: String) {
        tagsSeen = 0
        var scopes: [Scope] = []
        walk(name, scopes: &scopes, through: [name])
    }

    private mutating func walk(_ template: String, scopes: inout [Scope], through path: [String]) {
        for tag in tags[template] ?? [] {
            tagsSeen += 1
            guard tagsSeen <= Self.tagsMax else {
                if tagsSeen == Self.tagsMax + 1 {
                    report(tag, in: template, "with its partials the template has more than \(Self.tagsMax) tags")
                }
                return
            }
            switch tag.kind {
            case .variable: checkVariable(tag, in: template, scopes: scopes)
            case .section: scopes.append(scope(of: tag, in: template, scopes: scopes))
            case .invertedSection:
                _ = scope(of: tag, in: template, scopes: scopes, isInverted: true)
                scopes.append(.inverted)
            case .end: _ = scopes.popLast()
            case .partial: enter(tag, in: template, scopes: &scopes, through: path)
            }
        }
    }

    private mutating func enter(
        _ tag: TemplateScanner.Tag, in template: String, scopes: inout [Scope], through path: [String]
    ) {
        guard tags[tag.name] != nil else {
            let known = tags.keys.filter { $0.hasPrefix(TemplateSet.partialPrefix) }.sorted().joined(separator: ", ")
            report(tag, in: template, "there is no partial `\(tag.name)`", hint: "known ones: \(known)")
            return
        }
        guard !path.contains(tag.name) else {
            report(tag, in: template, "the partial `\(tag.name)` contains itself")
            return
        }
        guard path.count < Self.partialDepthMax else {
            report(tag, in: template, "partials are nested deeper than \(Self.partialDepthMax)")
            return
        }
        walk(tag.name, scopes: &scopes, through: path + [tag.name])
    }

    private mutating func checkVariable(_ tag: TemplateScanner.Tag, in template: String, scopes: [Scope]) {
        if tag.name == "." {
            if case .text = scopes.last { return }
            report(tag, in: template, "`.` stands for the text of the section around it, and there is none")
            return
        }
        if TemplateVocabulary.texts[tag.name] != nil || isMember(tag.name, of: scopes) { return }
        if TemplateVocabulary.flags[tag.name] != nil || TemplateVocabulary.lists[tag.name] != nil {
            report(
                tag, in: template, "`\(tag.name)` has no text of its own",
                hint: "write {{#\(tag.name)}}…{{/\(tag.name)}}")
            return
        }
        reportUnknown(tag, in: template)
    }

    private mutating func scope(
        of tag: TemplateScanner.Tag, in template: String, scopes: [Scope], isInverted: Bool = false
    ) -> Scope {
        if TemplateVocabulary.lists[tag.name] != nil {
            let isNested = scopes.contains { if case .list = $0 { true } else { false } }
            if isNested, !isInverted { report(tag, in: template, "a list cannot stand in another list") }
            return .list(tag.name)
        }
        if TemplateVocabulary.flags[tag.name] != nil { return .flag }
        if TemplateVocabulary.texts[tag.name] == nil, !isMember(tag.name, of: scopes) {
            reportUnknown(tag, in: template)
        }
        return .text
    }

    private func isMember(_ name: String, of scopes: [Scope]) -> Bool {
        scopes.contains { scope in
            if case .list(let list) = scope { TemplateVocabulary.lists[list]?.contains(name) ?? false } else { false }
        }
    }

    private mutating func reportUnknown(_ tag: TemplateScanner.Tag, in template: String) {
        let owners = TemplateVocabulary.lists.filter { $0.value.contains(tag.name) }.keys.sorted()
        let hint = owners.isEmpty ? nil : "it exists only inside {{#\(owners[0])}}"
        let fault = TemplateFault(
            template, line: tag.line, column: tag.column, "nothing is called `\(tag.name)`", hint: hint,
            unknownName: owners.isEmpty ? tag.name : nil)
        if !faults.contains(fault) { faults.append(fault) }
    }

    private mutating func report(
        _ tag: TemplateScanner.Tag, in template: String, _ message: String, hint: String? = nil
    ) {
        let fault = TemplateFault(template, line: tag.line, column: tag.column, message, hint: hint)
        if !faults.contains(fault) { faults.append(fault) }
    }
}
