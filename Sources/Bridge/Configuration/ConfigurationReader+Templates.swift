import Events
import Expressions
import Rendering
import Rules

/// The templates a configuration may use.
struct OwnTemplates {
    /// The names for `template:`, those of templates with faults among them, so that a rule gets no second fault.
    var names = TemplateSet.builtin.names
    /// `nil` when something is wrong with one of them.
    var set: TemplateSet? = .builtin
}

/// `templates:`, the folder of the operator's own templates.
extension ConfigurationReader {
    /// What template files end with.
    private static let ending = ".mustache"
    /// The most template files of a folder.
    private static let templatesMax = 200
    /// The most bytes of one template file.
    private static let templateFileBytesMax = 1 << 20
    /// The most bytes of all template files together; one file is bounded by `TemplateSet` too.
    private static let templateBytesMax = 4 << 20

    /// Reads and checks every template of the folder; each finding names its own file and place.
    func templates(_ node: YAMLNode) -> OwnTemplates {
        var broken = OwnTemplates()
        broken.set = nil
        guard let written = values.text(node, "'templates'", bytesMax: 4_096) else { return broken }
        let path = resolved(written)
        let files: [String]
        switch folders(path) {
        case .success(let names): files = names
        case .failure(let fault):
            let isFile = if case .success = self.files(path) { true } else { false }
            sink.error(
                at: node.range, "the templates' folder \(path) \(isFile ? "is a file" : fault.words)",
                hint: "make a folder with NAME.text.mustache and NAME.html.mustache, or remove the line")
            return broken
        }
        let base = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
        guard let texts = templateTexts(files, in: base, at: node) else { return broken }
        broken.names = Set(broken.names + Self.names(of: texts.keys)).sorted()
        do throws(TemplateFaults) {
            let set = try TemplateSet.load(overrides: texts)
            return sink.hasErrors(in: base) ? broken : OwnTemplates(names: set.names, set: set)
        } catch {
            for fault in error.all { report(fault, texts: texts, base: base) }
            return broken
        }
    }

    /// The texts of the template files by their names without the ending; `nil` when there are too many.
    private func templateTexts(_ files: [String], in base: String, at node: YAMLNode) -> [String: String]? {
        let names = files.filter { $0.hasSuffix(Self.ending) && !$0.hasPrefix(".") }
        for file in files where file.hasSuffix(".text") || file.hasSuffix(".html") {
            sink.add([
                Diagnostic(
                    severity: .warning, file: base + file, position: SourcePosition(line: 1, column: 1),
                    message: "this file is not read", hint: "templates end with \(Self.ending): \(file)\(Self.ending)")
            ])
        }
        if names.isEmpty {
            sink.warning(
                at: node.range, "the templates' folder holds no template",
                hint: "templates are called NAME.text.mustache and NAME.html.mustache")
        }
        guard names.count <= Self.templatesMax else {
            sink.error(at: node.range, "the templates' folder holds more than \(Self.templatesMax) templates")
            return nil
        }
        var texts: [String: String] = [:]
        var bytesLeft = Self.templateBytesMax
        for file in names {
            // One that cannot be read counts as empty, so that its other half is not said to be alone.
            let text = templateText(base + file) ?? ""
            bytesLeft -= text.utf8.count
            texts[String(file.dropLast(Self.ending.count))] = text
        }
        guard bytesLeft >= 0 else {
            sink.error(at: node.range, "the templates together are larger than \(Self.templateBytesMax >> 20) MiB")
            return nil
        }
        return texts
    }

    private func templateText(_ path: String) -> String? {
        let bytes: [UInt8]
        switch files(path) {
        case .success(let content): bytes = content.bytes
        case .failure(let fault):
            report(path, SourcePosition(line: 1, column: 1), "the template \(fault.words)")
            return nil
        }
        guard bytes.count <= Self.templateFileBytesMax else {
            let place = SourcePosition(line: 1, column: 1)
            report(path, place, "the template is larger than \(Self.templateFileBytesMax >> 20) MiB")
            return nil
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = bytes.starts(with: mark) ? mark.count : 0
        if let text = String(validating: bytes[start...], as: UTF8.self) { return text }
        report(path, Self.firstFault(inUTF8: bytes), "the template is not UTF-8 from here on", hint: "save it in UTF-8")
        return nil
    }

    /// Where bytes stop being UTF-8.
    private static func firstFault(inUTF8 bytes: [UInt8]) -> SourcePosition {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var (line, column) = (1, 1)
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return SourcePosition(line: line, column: column)
    }

    private func report(_ fault: TemplateFault, texts: [String: String], base: String) {
        let nearest = fault.unknownName.flatMap { Suggestion.nearest(to: $0, among: TemplateVocabulary.names) }
        let lines = texts[fault.template]?.split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines.flatMap { $0.indices.contains(fault.line - 1) ? String($0[fault.line - 1]) : nil }
        report(
            base + fault.template + Self.ending, SourcePosition(line: fault.line, column: fault.column), fault.message,
            hint: nearest.map { "did you mean '\($0)'?" } ?? fault.hint, line: line)
    }

    private func report(
        _ file: String, _ position: SourcePosition, _ message: String, hint: String? = nil, line: String? = nil
    ) {
        let length = line.map { TemplateComplaint.tagLength($0, from: position.column - 1) } ?? 1
        sink.add([
            Diagnostic(
                file: file, position: position, length: length, message: message, hint: hint, sourceLine: line)
        ])
    }

    private static func names(of templates: some Sequence<String>) -> [String] {
        templates.filter { $0.hasSuffix(".text") && !$0.hasPrefix("part.") }.map { String($0.dropLast(5)) }
    }

    /// The templates in the form that the rules ask for.
    static func grammar(of names: [String]) -> TemplateGrammar {
        TemplateGrammar(names: names) { text, content in
            TemplateSet.faults(inSubject: text, of: "a rule", content: content).map { fault in
                let known = TemplateVocabulary.names + content.filter(\.keys.isEmpty).map(\.name)
                let nearest = fault.unknownName.flatMap { Suggestion.nearest(to: $0, among: known) }
                return TemplateComplaint(
                    message: fault.message, hint: nearest.map { "did you mean '\($0)'?" } ?? fault.hint,
                    scalarOffset: fault.column - 1)
            }
        }
    }
}

extension DiagnosticSink {
    /// Whether an error was found in a file whose name begins so.
    fileprivate func hasErrors(in folder: String) -> Bool {
        diagnostics.all.contains { $0.severity == .error && $0.file.hasPrefix(folder) }
    }
}
