import Expressions

/// A file that the configuration includes: more rules and what they refer to.
struct IncludedFile {
    private let sink: DiagnosticSink
    /// The reader of its keys with its own findings; `nil` where it is no mapping.
    let part: (reader: RuleSetReader, file: MappingReader)?

    /// Reads a file of rules that are to be together with those of `main`.
    init(_ source: SourceText, beside main: RuleSetReader) {
        sink = DiagnosticSink(source: source)
        guard let root = YAMLComposer.compose(sink), !root.isNull else {
            if !sink.hasErrors { sink.warning(at: .fileStart, "the file is empty") }
            part = nil
            return
        }
        let reader = RuleSetReader(
            sink, addresses: main.addresses, templates: main.templates, storesBodies: main.storesBodies)
        part = MappingReader(root, subject: "an included file", sink: sink).map { (reader, $0) }
    }

    /// Reports unknown keys, and all that was found in the file.
    func finish(into main: DiagnosticSink) {
        if let file = part?.file {
            file.refuse(
                ["include"], because: "cannot stand in a file that is included",
                hint: "name all files under 'include' of the configuration")
            file.finish()
        }
        main.add(sink.diagnostics.all)
    }
}
