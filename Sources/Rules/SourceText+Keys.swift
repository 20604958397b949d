import Expressions

/// Looking at the file's text where the YAML library does not say enough.
extension SourceText {
    /// The scalars of the plain or quoted key at a place, quotes included, or `nil` when there is no such key.
    func key(at position: SourcePosition) -> [Unicode.Scalar]? {
        let rest = scalars(ofLine: position.line).dropFirst(position.column - 1)
        guard let first = rest.first else { return nil }
        if first == "\"" || first == "'" {
            guard let end = rest.dropFirst().firstIndex(of: first) else { return nil }
            return Array(rest[...end])
        }
        var key: [Unicode.Scalar] = []
        for (index, scalar) in zip(rest.indices, rest) {
            let next = index + 1 < rest.endIndex ? rest[index + 1] : " "
            if scalar == ":", next == " " || next == "\t" { break }
            key.append(scalar)
        }
        while key.last == " " || key.last == "\t" { key.removeLast() }
        return key.isEmpty ? nil : key
    }

    /// The next place behind `first` where the same mapping has the same key again.
    ///
    /// In a block mapping that is the same column, before a line that is indented less; in a flow mapping it is the
    /// next `key:` in the text.
    func repetition(
        of key: [Unicode.Scalar], from first: SourcePosition, passingOver known: Set<SourcePosition>
    ) -> SourcePosition? {
        let opening = scalars(ofLine: first.line).prefix(first.column - 1)
        guard opening.allSatisfy({ $0 == " " || $0 == "-" || $0 == "?" }) else {
            return repetitionInFlow(of: key, from: first, passingOver: known)
        }
        for number in (first.line + 1)..<max(first.line + 1, lines.count + 1) {
            let line = scalars(ofLine: number)
            guard let indentation = line.firstIndex(where: { $0 != " " }), line[indentation] != "#" else { continue }
            let column = indentation + 1
            if column < first.column { return nil }
            let place = SourcePosition(line: number, column: column)
            if column == first.column, Self.name(self.key(at: place)) == Self.name(key), !known.contains(place) {
                return place
            }
        }
        return nil
    }

    private func repetitionInFlow(
        of key: [Unicode.Scalar], from first: SourcePosition, passingOver known: Set<SourcePosition>
    ) -> SourcePosition? {
        guard let name = Self.name(key) else { return nil }
        var offset = first.column - 1 + key.count
        for number in first.line...max(first.line, lines.count) {
            let line = scalars(ofLine: number)
            while offset < line.count {
                let place = SourcePosition(line: number, column: offset + 1)
                let isSeparated = offset == 0 || [" ", ",", "{", "\t"].contains(line[offset - 1])
                if isSeparated, line[offset] == name.first || line[offset] == "\"" || line[offset] == "'",
                    Self.name(self.key(at: place)) == name, !known.contains(place)
                {
                    return place
                }
                offset += 1
            }
            offset = 0
        }
        return nil
    }

    /// A key without its quotes; escapes are not looked into.
    private static func name(_ key: [Unicode.Scalar]?) -> ArraySlice<Unicode.Scalar>? {
        guard let key, let first = key.first else { return nil }
        return first == "\"" || first == "'" ? key.dropFirst().dropLast() : key[...]
    }

    /// The text with one scalar replaced.
    func replacing(_ position: SourcePosition, with scalar: Unicode.Scalar) -> String {
        var view = String.UnicodeScalarView()
        var current = SourcePosition(line: 1, column: 1)
        var endedWithCR = false
        for old in text.unicodeScalars {
            let isSecondOfPair = endedWithCR && old == "\n"
            view.append(current == position && !isSecondOfPair ? scalar : old)
            endedWithCR = old == "\r"
            guard !isSecondOfPair else { continue }
            if Self.isBreak(old) {
                current = SourcePosition(line: current.line + 1, column: 1)
            } else {
                current.column += 1
            }
        }
        return String(view)
    }

    /// The place behind an anchor (`&name `) that begins at `position`.
    func afterAnchor(at position: SourcePosition) -> SourcePosition {
        guard scalar(at: position) == "&" else { return position }
        let line = scalars(ofLine: position.line)
        let rest = line[(position.column - 1)...]
        guard let nameEnd = rest.firstIndex(where: { $0 == " " || $0 == "\t" }),
            let valueStart = line[nameEnd...].firstIndex(where: { $0 != " " && $0 != "\t" })
        else { return position }
        return SourcePosition(line: position.line, column: valueStart + 1)
    }

    /// A key that is a collection or an alias, in a file with more than `aliasesMax` signs that look like aliases;
    /// looking at the text alone, so in doubt it finds one too many.
    func aliasInComplexKey(aliasesMax: Int) -> SourcePosition? {
        var aliases = 0
        var suspicious: SourcePosition?
        for (index, line) in lines.enumerated() {
            var scan = AliasScan()
            for (offset, scalar) in line.enumerated() where scan.sees(scalar) {
                suspicious = suspicious ?? SourcePosition(line: index + 1, column: offset + 1)
            }
            if scan.endsInQuestion {
                suspicious = suspicious ?? SourcePosition(line: index + 1, column: line.count)
            }
            aliases += scan.aliases
        }
        return aliases > aliasesMax ? suspicious : nil
    }
}

/// Looks for the signs of aliases and of complex keys in one line.
private struct AliasScan {
    /// How many `*` stand where an alias could begin.
    var aliases = 0
    private var previous: Unicode.Scalar = " "
    private var beforePrevious: Unicode.Scalar = " "
    private var isInAlias = false
    private var endsAlias = false
    private var endsCollection = false
    private var isQuestion = false

    /// Whether the line's last scalar announces a key in the next line.
    var endsInQuestion: Bool { isQuestion }

    /// Takes the next scalar of the line; `true` when it ends a complex key or begins one with `? `.
    mutating func sees(_ scalar: Unicode.Scalar) -> Bool {
        defer {
            beforePrevious = previous
            previous = scalar
        }
        let isBlank = scalar == " " || scalar == "\t"
        let isWord = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
        if previous == "*", isWord, !beforePrevious.properties.isAlphabetic {
            aliases += 1
            isInAlias = true
        }
        if scalar == ":" { return isInAlias || endsAlias || endsCollection }
        if isQuestion, isBlank { return true }
        isQuestion = scalar == "?" && [" ", "-", "{", "[", ","].contains(previous)
        if isBlank {
            endsAlias = endsAlias || isInAlias
        } else {
            endsAlias = false
            endsCollection = scalar == "]" || scalar == "}"
        }
        if !isWord { isInAlias = false }
        return false
    }
}

extension YAMLScalar {
    /// The part of the file's line that the scalar takes, for carets.
    func extent(in source: SourceText) -> SourceRange {
        switch style {
        case .literal, .folded: return SourceRange(start)
        case .plain:
            // One that goes on in the next line is marked to the end of this one: carets stop there by themselves.
            return SourceRange(start, length: text.unicodeScalars.count)
        case .singleQuoted, .doubleQuoted:
            if let end = positions(in: source).last, end.line == start.line, end != start {
                return SourceRange(start, length: end.column + 1 - start.column)
            }
        }
        let rest = source.scalars(ofLine: start.line).dropFirst(start.column - 1)
        return SourceRange(start, length: rest.count)
    }
}
