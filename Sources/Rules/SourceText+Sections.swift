/// The outermost keys of a file by its lines, for a file that cannot be read as a whole.
extension SourceText {
    /// The text with the lines of all other outermost keys left empty: what stands behind these can be read although
    /// the rest has faults, even one that YAML itself does not forgive, and every finding keeps its place.
    ///
    /// - Parameter isWanted: Whether the lines of an outermost key are kept.
    /// - Returns: `nil` where the outermost keys do not all stand at the beginnings of lines, as between braces or
    ///   indented, and where a line that is to be left out may be meant for one that is wanted.
    package func keeping(keys isWanted: (String) -> Bool) -> SourceText? {
        var kept: [String] = []
        var isKept: Bool?
        for line in lines {
            switch Self.beginning(of: line) {
            case .nothing: kept.append("")
            case .border:
                isKept = isKept.map { _ in false }
                kept.append("")
            case .continuation:
                guard let isKept, isKept || !isWanted(Self.firstWord(of: line)) else { return nil }
                kept.append(isKept ? Self.string(line) : "")
            case .word(let word):
                guard !isWanted(word) else { return nil }
                isKept = false
                kept.append("")
            case .key(let name):
                let isNext = isWanted(name)
                isKept = isNext
                kept.append(isNext ? Self.string(line) : "")
            }
        }
        return SourceText(file: file, text: kept.joined(separator: "\n"))
    }

    /// What a line is to the outermost mapping.
    private enum Beginning {
        /// Nothing is in it, or a comment alone.
        case nothing
        /// It begins or ends a document, or is a directive.
        case border
        /// It goes on with what the lines before began.
        case continuation
        /// It stands where a key does, and is none; its first word.
        case word(String)
        case key(String)
    }

    private static func beginning(of line: [Unicode.Scalar]) -> Beginning {
        guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first != "#" else { return .nothing }
        let text = string(line)
        if text.hasPrefix("---") || text.hasPrefix("...") || text.hasPrefix("%") { return .border }
        guard let start = line.first, start.properties.isAlphabetic || ["_", "\"", "'"].contains(start) else {
            return .continuation
        }
        let colon = line.indices.first { index in
            line[index] == ":" && (index + 1 == line.count || line[index + 1] == " " || line[index + 1] == "\t")
        }
        guard let colon else { return .word(firstWord(of: line)) }
        let name = string(line[..<colon])
        let isQuoted = start == "\"" || start == "'"
        return .key(isQuoted ? String(name.dropFirst().prefix { $0 != "\"" && $0 != "'" }) : trimmed(name))
    }

    /// What a line begins with, up to a colon or a blank, without what may stand before a key.
    private static func firstWord(of line: [Unicode.Scalar]) -> String {
        var rest = line[...]
        while let first = rest.first, [" ", "\t", "?", "\"", "'"].contains(first) { rest.removeFirst() }
        if rest.first == "&" || rest.first == "!" {
            rest = rest.drop { $0 != " " && $0 != "\t" }.drop { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "'" }
        }
        return string(rest.prefix { ![":", " ", "\t", "\"", "'"].contains($0) })
    }

    private static func trimmed(_ name: String) -> String {
        String(name.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
