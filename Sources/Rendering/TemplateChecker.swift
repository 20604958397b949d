/// Follows templates through their partials and finds names that nothing fills, partials that do not exist, and what
/// would not end. A missing name renders as nothing in Mustache, so it must be found when templates load.
struct TemplateChecker {
    /// The deepest nesting of partials.
    static let partialDepthMax = 8
    /// The most tags of a template with its partials put in place.
    static let tagsMax = 5_000

    let tags: [String: [TemplateScanner.Tag]]
    /// Templates whose tags are not well-formed: half a tag would make faults of its own, so they are not looked into.
    private let broken: Set<String>
    /// Texts that only the subject of a rule with content has.
    private let subjectTexts: Set<String>
    private(set) var faults: [TemplateFault] = []
    private var tagsSeen = 0

    /// What a section gives to what stands in it.
    private enum Scope {
        case text, flag
        case list(String)
        case inverted
    }

    init(
        tags: [String: [TemplateScanner.Tag]], broken: Set<String> = [], subjectTexts: Set<String> = []
    ) {
        self.tags = tags
        self.broken = broken
        self.subjectTexts = subjectTexts
    }

    /// Checks the template `name` as one that is rendered by itself.
    mutating func check(_ name: String) {
        tagsSeen = 0
        var scopes: [Scope] = []
        walk(name, scopes: &scopes, through: [name])
    }

    private mutating func walk(_ template: String, scopes: inout [Scope], through path: [String]) {
        guard !broken.contains(template) else { return }
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
        if isText(tag.name) || isMember(tag.name, of: scopes) { return }
        let isSection = TemplateVocabulary.flags[tag.name] != nil || TemplateVocabulary.members(ofList: tag.name) != nil
        if isSection {
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
        if TemplateVocabulary.members(ofList: tag.name) != nil {
            if !isInverted { checkPlace(of: tag, in: template, scopes: scopes) }
            return .list(tag.name)
        }
        if TemplateVocabulary.flags[tag.name] != nil { return .flag }
        if !isText(tag.name), !isMember(tag.name, of: scopes) {
            reportUnknown(tag, in: template)
        }
        return .text
    }

    /// A list stands in no other list, but for one that belongs into each round of another.
    private mutating func checkPlace(of tag: TemplateScanner.Tag, in template: String, scopes: [Scope]) {
        let around = scopes.compactMap { scope -> String? in
            if case .list(let list) = scope { list } else { nil }
        }
        if let owner = Self.owner(ofList: tag.name) {
            guard around != [owner] else { return }
            report(
                tag, in: template, "`\(tag.name)` exists only inside {{#\(owner)}}",
                hint: "write {{#\(owner)}}{{#\(tag.name)}}…{{/\(tag.name)}}{{/\(owner)}}")
        } else if !around.isEmpty {
            report(tag, in: template, "a list cannot stand in another list")
        }
    }

    private static func owner(ofList name: String) -> String? {
        TemplateVocabulary.innerLists.first { $0.value[name] != nil }?.key
    }

    private func isText(_ name: String) -> Bool {
        TemplateVocabulary.texts[name] != nil || subjectTexts.contains(name)
    }

    private func isMember(_ name: String, of scopes: [Scope]) -> Bool {
        scopes.contains { scope in
            if case .list(let list) = scope {
                TemplateVocabulary.members(ofList: list)?.contains(name) ?? false
            } else {
                false
            }
        }
    }

    private mutating func reportUnknown(_ tag: TemplateScanner.Tag, in template: String) {
        let owners = TemplateVocabulary.lists.filter { $0.value.contains(tag.name) }.keys.sorted()
        var hint = owners.isEmpty ? nil : "it exists only inside {{#\(owners[0])}}"
        if TemplateVocabulary.subjectTexts.contains(tag.name) {
            hint =
                "content stands in {{#content}}; {{\(tag.name)}} works in the `subject` of a rule that lists it "
                + "under `content`"
        }
        let fault = TemplateFault(
            template, line: tag.line, column: tag.column, "nothing is called `\(tag.name)`", hint: hint,
            unknownName: hint == nil ? tag.name : nil)
        if !faults.contains(fault) { faults.append(fault) }
    }

    private mutating func report(
        _ tag: TemplateScanner.Tag, in template: String, _ message: String, hint: String? = nil
    ) {
        let fault = TemplateFault(template, line: tag.line, column: tag.column, message, hint: hint)
        if !faults.contains(fault) { faults.append(fault) }
    }
}
