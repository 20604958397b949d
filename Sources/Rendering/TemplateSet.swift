import BuiltinTemplates
package import Events
import Mustache

/// The templates of mails: the built-in ones, and the operator's in their place or beside them.
///
/// A template has two parts, `NAME.text` and `NAME.html`; what begins with `part.` is a partial. Built in are
/// `failed` for failed calls and `single` for any event, `window`, `recovered` and `first_seen` for turns of alerts,
/// `digest` for summaries, `own.trouble`, `own.report` and `own.test` for mails about Hookmail itself, and `plain`,
/// which is used when another one fails and cannot be replaced.
package struct TemplateSet: Sendable {
    /// The longest rendered part in bytes.
    package static let renderedBytesMax = 256 * 1_024
    /// The name of the template that is used when another one fails.
    package static let fallback = "plain"
    static let partialPrefix = "part."
    /// Templates escape nothing themselves: the values they are given are escaped for where they stand.
    private static let pragma = "{{% CONTENT_TYPE: TEXT}}\n"

    private let library: MustacheLibrary
    private let fallbackLibrary: MustacheLibrary
    /// The names rules may use, sorted.
    package let names: [String]
    /// 64 hexadecimal digits over the names and texts of all templates: equal sets render equally.
    package let hash: String

    /// The built-in templates alone.
    package static let builtin = TemplateSet(builtinTexts: builtinTexts)

    private static let builtinTexts = BuiltinTemplates.files.mapValues { String(decoding: $0, as: UTF8.self) }

    private init(builtinTexts: [String: String]) {
        // Tests load every built-in template through the checks below; here one that does not parse is left out, and
        // mails fall back to a text without templates.
        let parsed = builtinTexts.compactMapValues { try? MustacheTemplate(string: Self.pragma + $0) }
        library = MustacheLibrary(templates: parsed)
        fallbackLibrary = library
        names = Self.names(of: builtinTexts.keys)
        hash = Self.hash(of: builtinTexts)
    }

    private init(library: MustacheLibrary, texts: [String: String]) {
        self.library = library
        self.fallbackLibrary = Self.builtin.library
        names = Self.names(of: texts.keys)
        hash = Self.hash(of: texts)
    }

    /// A NUL stands in no name, and the length before each text says where it ends.
    private static func hash(of texts: [String: String]) -> String {
        let bytes = texts.sorted { $0.key < $1.key }.flatMap { name, text in
            Array("\(name)\0\(text.utf8.count)\0".utf8) + Array(text.utf8)
        }
        return Hash.sha256Hex(bytes)
    }

    /// The built-in templates with `overrides`, by names such as `failed.html`, in their place or beside them.
    package static func load(overrides: [String: String]) throws(TemplateFaults) -> TemplateSet {
        let texts = builtinTexts.merging(overrides) { _, new in new }
        let faults = check(texts, overrides: overrides)
        guard faults.isEmpty else { throw TemplateFaults(faults) }
        var parsed: [String: MustacheTemplate] = [:]
        for (name, text) in texts {
            guard let template = try? MustacheTemplate(string: pragma + text) else {
                throw TemplateFaults([TemplateFault(name, line: 1, column: 1, "the template engine cannot read it")])
            }
            parsed[name] = template
        }
        return TemplateSet(library: MustacheLibrary(templates: parsed), texts: texts)
    }

    /// What is wrong with a rule's own `subject`, which is a template too but without partials and lists. Texts of the
    /// event's content exist in it when the rule lists them whole under `content`.
    package static func faults(
        inSubject text: String, of rule: String, content: [ContentPath] = []
    ) -> [TemplateFault] {
        let name = "subject of \(rule)"
        let (tags, faults) = TemplateScanner.scan(text, template: name)
        let texts = Set(content.filter(\.keys.isEmpty).map(\.name))
        var checker = TemplateChecker(tags: [name: tags.filter { $0.kind != .partial }], subjectTexts: texts)
        checker.check(name)
        let partials = tags.filter { $0.kind == .partial }.map {
            TemplateFault(name, line: $0.line, column: $0.column, "a subject cannot contain partials")
        }
        let lists = tags.filter { $0.kind == .section && TemplateVocabulary.members(ofList: $0.name) != nil }.map {
            TemplateFault(
                name, line: $0.line, column: $0.column, "a subject cannot contain lists, and `\($0.name)` is one",
                hint: "name single texts, such as {{model}}")
        }
        return faults + checker.faults + partials + lists
    }

    /// Renders one part, `NAME.text` or `NAME.html`; the fault is told in words when there is no such template, when
    /// nothing came of it, or too much.
    func rendered(_ part: String, _ context: [String: Any]) throws(RenderFault) -> String {
        try Self.rendered(library, part, context)
    }

    /// Renders one part of the fallback as it is built in.
    func renderedFallback(_ part: String, _ context: [String: Any]) throws(RenderFault) -> String {
        try Self.rendered(fallbackLibrary, part, context)
    }

    private static func rendered(
        _ library: MustacheLibrary, _ part: String, _ context: [String: Any]
    ) throws(RenderFault) -> String {
        guard let text = library.render(context, withTemplate: part) else {
            throw RenderFault("there is no template `\(part)`")
        }
        guard text.utf8.count <= renderedBytesMax else {
            throw RenderFault("`\(part)` came to more than \(renderedBytesMax) bytes")
        }
        guard text.utf8.contains(where: { $0 > 0x20 }) else { throw RenderFault("`\(part)` came to nothing") }
        return text
    }

    /// Renders the subject of a rule whose mails show `content`.
    func renderedSubject(
        _ text: String, _ context: [String: Any], content: [ContentPath]
    ) throws(RenderFault) -> String {
        if let fault = Self.faults(inSubject: text, of: "the rule", content: content).first {
            throw RenderFault(fault.description)
        }
        guard let template = try? MustacheTemplate(string: Self.pragma + text) else {
            throw RenderFault("the template engine cannot read the rule's subject")
        }
        return template.render(context)
    }

    // MARK: Checks

    private static func check(_ texts: [String: String], overrides: [String: String]) -> [TemplateFault] {
        var faults: [TemplateFault] = []
        var tags: [String: [TemplateScanner.Tag]] = [:]
        var broken: Set<String> = []
        for (name, text) in texts {
            let scanned = TemplateScanner.scan(text, template: name)
            tags[name] = scanned.tags
            faults += scanned.faults
            if !scanned.faults.isEmpty { broken.insert(name) }
        }
        for name in overrides.keys { faults += nameFaults(name, texts: texts) }
        var checker = TemplateChecker(tags: tags, broken: broken)
        for name in texts.keys.sorted() where !name.hasPrefix(partialPrefix) { checker.check(name) }
        return faults + checker.faults
    }

    private static func nameFaults(_ name: String, texts: [String: String]) -> [TemplateFault] {
        func fault(_ message: String, _ hint: String) -> [TemplateFault] {
            [TemplateFault(name, line: 1, column: 1, message, hint: hint)]
        }
        let isText = name.hasSuffix(".text")
        guard isText || name.hasSuffix(".html"), name.utf8.count > 5 else {
            return fault(
                "the name says neither text nor html", "name the files NAME.text.mustache and NAME.html.mustache")
        }
        guard !name.hasPrefix(partialPrefix) else { return [] }
        guard !name.hasPrefix("\(fallback).") else {
            return fault("`\(fallback)` is used when another template fails and stays as it is", "choose another name")
        }
        guard !name.hasPrefix(OwnMail.prefix) || OwnMail.Kind(rawValue: String(name.dropLast(5))) != nil else {
            let known = OwnMail.Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            return fault(
                "no mail of Hookmail's own is called so", "there are \(known); choose another name for your own")
        }
        let partner = name.dropLast(5) + (isText ? ".html" : ".text")
        guard texts[String(partner)] != nil else {
            return fault("its other half `\(partner)` is missing", "a mail has a text and an HTML part: write both")
        }
        return []
    }

    private static func names(of files: some Sequence<String>) -> [String] {
        files.filter { $0.hasSuffix(".text") && !$0.hasPrefix(partialPrefix) && !$0.hasPrefix(OwnMail.prefix) }.map {
            String($0.dropLast(5))
        }.sorted()
    }
}

/// Why a template could not be used for a mail, in words without anything of the event.
struct RenderFault: Error, Equatable {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
