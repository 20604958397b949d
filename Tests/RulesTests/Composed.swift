import Expressions
import Rules

/// A YAML text and what came of composing it.
struct Composed {
    let source: SourceText
    let root: YAMLNode?
    let diagnostics: Diagnostics

    init(_ text: String) {
        source = SourceText(file: "test.yaml", text: text)
        let sink = DiagnosticSink(source: source)
        root = YAMLComposer.compose(sink)
        diagnostics = sink.diagnostics
    }

    /// The entries of the root mapping.
    var entries: [YAMLEntry] {
        guard case .mapping(let entries) = root?.content else { return [] }
        return entries
    }

    /// The scalar under a key of the root mapping.
    func scalar(_ key: String) -> YAMLScalar? {
        guard case .scalar(let scalar) = entries.first(where: { $0.key == key })?.value.content else { return nil }
        return scalar
    }

    var messages: [String] { diagnostics.all.map(\.message) }
}
