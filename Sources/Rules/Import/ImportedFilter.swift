package import Events
package import Expressions

/// A filter or condition of the platform as a condition of ours.
package struct ImportedFilter: Sendable, Equatable {
    /// The expression, with a line for each of its terms where they do not fit into one.
    package let condition: String
    /// What it does not say exactly as the filter did, in sentences for people.
    package let warnings: [String]

    /// The most comparisons of one filter.
    static let termsMax = 200
    /// How deep bundles of comparisons may stand in each other.
    static let nestingMax = 16
    /// The longest expression on one line, in characters.
    private static let columnsMax = 80

    /// Reads a filter or condition in any of the platform's forms: a map of fields, `rules` with a `connector`, or a
    /// list of comparisons; alone, or under the names by which the platform's interfaces wrap them.
    package init(_ json: JSONValue) throws(FilterImportFault) {
        var reader = FilterReader()
        let parts = try reader.read(json, nesting: 0)
        guard !parts.terms.isEmpty else {
            throw FilterImportFault(
                "there is no condition in it", hint: "an empty filter takes every event, as a rule without `when` does")
        }
        condition = parts.text(columnsMax: Self.columnsMax)
        warnings = reader.warnings
        do {
            let source = ExpressionSource(text: condition, file: "condition")
            _ = try Program.compile(source, in: Environment(), for: .condition)
        } catch {
            throw FilterImportFault("it makes a condition that cannot be used", diagnostics: error)
        }
    }

    /// A rule with the condition, as an item of the list under `rules:`.
    ///
    /// - Parameters:
    ///   - name: The rule's name.
    ///   - recipient: Whom it tells: a name under `recipients:` or an address.
    package func rule(named name: String, notify recipient: String) -> String {
        let lines = condition.split(separator: "\n").map { "    \($0)\n" }.joined()
        return "- name: \(Self.scalar(name))\n  when: |\n\(lines)  notify: \(Self.scalar(recipient))\n"
            + "  at_most: 1 per 15m\n"
    }

    /// A text in quotes, which mean the same in JSON and in YAML.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.unicodeScalars.enumerated().allSatisfy { place, scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || (place > 0 && (("0"..."9").contains(scalar) || "-_@.".unicodeScalars.contains(scalar)))
        }
        let words = ["true", "false", "null", "yes", "no", "on", "off"]
        if isPlain, !text.isEmpty, !words.contains(text.lowercased()) { return text }
        return String(decoding: JSONValue.string(text).encoded(), as: UTF8.self)
    }
}

/// Why a filter of the platform cannot become a condition.
package struct FilterImportFault: Error, Sendable, Equatable {
    /// What is wrong, in one sentence without a full stop.
    package let message: String
    /// What to do.
    package let hint: String?
    /// What the compiler says of the condition, where that is what is wrong.
    package let diagnostics: Diagnostics?

    init(_ message: String, hint: String? = nil, diagnostics: Diagnostics? = nil) {
        self.message = message
        self.hint = hint
        self.diagnostics = diagnostics
    }
}
