/// What is wrong with a template, and where.
package struct TemplateFault: Error, Sendable, Equatable {
    /// The template's name, such as `failed.html`.
    package let template: String
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int
    package let message: String
    package let hint: String?
    /// The name that is not known, when that is the fault: for a "did you mean" among `TemplateVocabulary.names`.
    package let unknownName: String?

    init(_ template: String, line: Int, column: Int, _ message: String, hint: String? = nil, unknownName: String? = nil)
    {
        self.template = template
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
        self.unknownName = unknownName
    }
}

extension TemplateFault: CustomStringConvertible {
    package var description: String {
        "\(template):\(line):\(column): \(message)" + (hint.map { " (\($0))" } ?? "")
    }
}

/// All faults of a set of templates, sorted by template and place.
package struct TemplateFaults: Error, Sendable, Equatable, CustomStringConvertible {
    package let all: [TemplateFault]

    init(_ faults: [TemplateFault]) {
        all = faults.sorted { ($0.template, $0.line, $0.column) < ($1.template, $1.line, $1.column) }
    }

    package var description: String { all.map(\.description).joined(separator: "\n") }
}
