/// A name of a rule, or a pattern that stands for several: `*` is any number of characters.
struct RuleNamePattern {
    private let parts: [[Unicode.Scalar]]
    /// Whether it has a `*`.
    var isPattern: Bool { parts.count > 1 }

    init(_ text: String) {
        parts = text.unicodeScalars.split(separator: "*", omittingEmptySubsequences: false).map { Array($0) }
    }

    /// Whether the pattern stands for a name. The parts are looked for from left to right, so it takes no more than the
    /// product of the lengths.
    func matches(_ name: String) -> Bool {
        let name = Array(name.unicodeScalars)
        guard let first = parts.first, let last = parts.last, isPattern else { return name == parts.first }
        guard name.starts(with: first) else { return false }
        var start = first.count
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = Self.find(part, in: name, from: start) else { return false }
            start = found + part.count
        }
        return name.count - start >= last.count && name.suffix(last.count).elementsEqual(last)
    }

    private static func find(_ part: [Unicode.Scalar], in name: [Unicode.Scalar], from start: Int) -> Int? {
        guard name.count >= part.count + start else { return nil }
        return (start...name.count - part.count).first { name[$0..<$0 + part.count].elementsEqual(part) }
    }
}
