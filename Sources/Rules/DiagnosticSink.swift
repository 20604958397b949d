package import Expressions

/// Gathers everything that is found in one file, so that a user sees all faults at once.
///
/// A class, because readers of nested parts share it; it never leaves the task that loads the file.
package final class DiagnosticSink {
    /// Further findings are counted but not kept: nobody repairs more than this at once.
    package static let countMax = 100

    package let source: SourceText
    private var found: [Diagnostic] = []
    /// The keys that the readers of the file took, by what their mapping describes: what the schema is held against.
    package private(set) var vocabulary: [String: Set<String>] = [:]

    package init(source: SourceText) {
        self.source = source
    }

    /// The findings so far, sorted by place.
    package var diagnostics: Diagnostics { Diagnostics(found) }

    /// Whether an error is among the findings.
    package var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// How many errors there are, to see whether a part added one.
    package var errorCount: Int { found.count { $0.severity == .error } }

    /// Reports what must be repaired before the file can be taken into force.
    ///
    /// - Parameters:
    ///   - range: The scalars meant.
    ///   - message: What is wrong, in one sentence without a full stop.
    ///   - hint: What to do about it.
    ///   - hidingLine: Whether the line is not to be shown, because a secret stands in it.
    package func error(
        at range: SourceRange, _ message: String, hint: String? = nil, hidingLine: Bool = false
    ) {
        add(.error, at: range, message, hint: hint, hidingLine: hidingLine)
    }

    /// Reports what works but is hardly meant.
    package func warning(at range: SourceRange, _ message: String, hint: String? = nil) {
        add(.warning, at: range, message, hint: hint, hidingLine: false)
    }

    /// Takes note of the keys that a mapping of this kind may have.
    func learn(_ keys: [String], of subject: String) {
        vocabulary[subject, default: []].formUnion(keys)
    }

    /// Takes over findings that were made elsewhere, such as those of the expression compiler.
    package func add(_ diagnostics: some Sequence<Diagnostic>) {
        for diagnostic in diagnostics where hasRoom(for: diagnostic.severity) { found.append(diagnostic) }
    }

    private func add(
        _ severity: Diagnostic.Severity, at range: SourceRange, _ message: String, hint: String?, hidingLine: Bool
    ) {
        guard hasRoom(for: severity) else { return }
        let line = range.position.line
        found.append(
            Diagnostic(
                severity: severity, file: source.file, position: range.position, length: range.length,
                message: message, hint: hint,
                sourceLine: hidingLine || source.mayHoldSecret(inLine: line) ? nil : source.line(line)
            )
        )
    }

    /// Warnings never take the place of the first error.
    private func hasRoom(for severity: Diagnostic.Severity) -> Bool {
        found.count < Self.countMax || (severity == .error && !hasErrors)
    }
}
