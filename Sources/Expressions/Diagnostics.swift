/// Everything found in one pass, sorted by place, so that a user repairs a file once and not fault by fault.
package struct Diagnostics: Error, Sendable, Equatable {
    /// The findings by file, place and order of finding.
    package private(set) var all: [Diagnostic]

    package init(_ all: some Sequence<Diagnostic> = []) {
        self.all = []
        append(contentsOf: all)
    }

    /// Whether one of the findings is an error, so that nothing may be taken into force.
    package var hasErrors: Bool { all.contains { $0.severity == .error } }

    package var isEmpty: Bool { all.isEmpty }

    /// Adds one finding at its place, unless it is there already.
    package mutating func append(_ diagnostic: Diagnostic) {
        append(contentsOf: CollectionOfOne(diagnostic))
    }

    /// Adds findings at their places; a finding that is already there is not added again.
    package mutating func append(contentsOf diagnostics: some Sequence<Diagnostic>) {
        for diagnostic in diagnostics where !all.contains(diagnostic) {
            let place = (diagnostic.file, diagnostic.position)
            let index = all.lastIndex { ($0.file, $0.position) <= place }
            all.insert(diagnostic, at: index.map { $0 + 1 } ?? 0)
        }
    }

    /// All findings as a terminal shows them, one after the other.
    package func rendered(color: Bool = false) -> String {
        all.map { $0.rendered(color: color) }.joined(separator: "\n")
    }
}
