package import Expressions

extension YAMLScalar {
    /// For every Unicode scalar of `text` its place in the file, and one place more for the end.
    ///
    /// The value is laid beside the file's text again, by the style's own rules of folding and escaping. Where they do
    /// not agree (a reader's fault, or a block with an explicit indentation indicator) every place is `start`: a
    /// caret that stands at the beginning is better than one that lies.
    package func positions(in source: SourceText) -> [SourcePosition] {
        let value = Array(text.unicodeScalars)
        var alignment = ScalarAlignment(source: source, value: value, cursor: start)
        let isAligned =
            switch style {
            case .plain: alignment.alignFlow(quote: nil)
            case .singleQuoted: alignment.alignFlow(quote: "'")
            case .doubleQuoted: alignment.alignFlow(quote: "\"")
            case .literal: alignment.alignLiteral()
            case .folded: alignment.alignFolded()
            }
        guard isAligned, alignment.places.count == value.count + 1 else {
            return Array(repeating: start, count: value.count + 1)
        }
        return alignment.places
    }

    /// The place in the file of `length` scalars of the value from `offset` on.
    package func range(ofScalar offset: Int, length: Int, in source: SourceText) -> SourceRange {
        let places = positions(in: source)
        let first = places[min(max(0, offset), places.count - 1)]
        let last = places[min(max(0, offset) + max(0, length), places.count - 1)]
        guard last.line == first.line else {
            return SourceRange(first, length: source.scalars(ofLine: first.line).count + 1 - first.column)
        }
        return SourceRange(first, length: last.column - first.column)
    }

    /// The scalar as an expression whose findings are reported in the file's own lines and columns.
    ///
    /// White space at the end is left out: it is the line end of a `|` block.
    package func expression(in source: SourceText) -> ExpressionSource {
        let scalars = Array(text.unicodeScalars)
        let end = scalars.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? 0
        let scalar = self
        return ExpressionSource(text: SourceText.string(scalars[..<end]), file: source.file) { offset in
            let place = scalar.range(ofScalar: min(offset, end), length: 0, in: source).position
            return (place, source.line(place.line) ?? "")
        }
    }
}

/// Lays the value of a scalar beside the text it was read from.
private struct ScalarAlignment {
    let source: SourceText
    let value: [Unicode.Scalar]
    var cursor: SourcePosition
    var places: [SourcePosition] = []

    init(source: SourceText, value: [Unicode.Scalar], cursor: SourcePosition) {
        self.source = source
        self.value = value
        self.cursor = cursor
        places.reserveCapacity(value.count + 1)
    }

    private var line: [Unicode.Scalar] { source.scalars(ofLine: cursor.line) }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }

    /// Plain and quoted scalars (YAML 1.2.2 §7.3): a single line break is a space, n of them are n − 1 line feeds.
    mutating func alignFlow(quote: Unicode.Scalar?) -> Bool {
        if quote != nil { cursor.column += 1 }
        var index = 0
        while index < value.count {
            let rest = line.dropFirst(cursor.column - 1)
            if rest.allSatisfy(Self.isBlank), value[index] == " " || value[index] == "\n" {
                guard let emitted = alignFold(at: index) else { return false }
                index += emitted
                continue
            }
            guard let raw = rest.first else { return false }
            if quote == "\"", raw == "\\" {
                if rest.count == 1 {
                    _ = skipBreaks()
                    continue
                }
                place(Self.escapeLength(rest.dropFirst().first))
            } else {
                guard raw == value[index] else { return false }
                place(raw == quote ? 2 : 1)
            }
            index += 1
        }
        places.append(cursor)
        return true
    }

    /// Records the cursor for the next scalar of the value and moves `count` scalars on.
    private mutating func place(_ count: Int) {
        places.append(cursor)
        cursor.column += count
    }

    private static func escapeLength(_ letter: Unicode.Scalar?) -> Int {
        switch letter {
        case "x": 4
        case "u": 6
        case "U": 10
        default: 2
        }
    }

    /// Passes the line breaks at the cursor, to the first scalar that is not blank.
    /// - Returns: how many there were.
    private mutating func skipBreaks() -> Int {
        var breaks = 0
        while cursor.line < source.lines.count {
            cursor.line += 1
            breaks += 1
            let content = source.scalars(ofLine: cursor.line).firstIndex { !Self.isBlank($0) }
            guard let content else { continue }
            cursor.column = content + 1
            return breaks
        }
        return breaks
    }

    /// Aligns what the line breaks at the cursor became, and returns how many scalars of the value that were.
    private mutating func alignFold(at index: Int) -> Int? {
        let here = cursor
        let breaks = skipBreaks()
        let expected: [Unicode.Scalar] = breaks == 1 ? [" "] : Array(repeating: "\n", count: max(0, breaks - 1))
        guard !expected.isEmpty, value[index...].starts(with: expected) else { return nil }
        places.append(contentsOf: repeatElement(here, count: expected.count))
        return expected.count
    }

    /// A literal block (§8.1.2): its lines are the file's lines without their indentation.
    mutating func alignLiteral() -> Bool {
        var number = start(ofBlockAfter: cursor)
        for (index, part) in value.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let raw = source.scalars(ofLine: number)
            let isLast = places.count + part.count == value.count
            if isLast, part.isEmpty, index > 0 {
                // Behind the last line feed: the end of the text is where its last line ends.
                places.append(places.last ?? cursor)
                return true
            }
            guard part.isEmpty || raw.suffix(part.count).elementsEqual(part) else { return false }
            let first = raw.count - part.count + 1
            for offset in 0...part.count { places.append(SourcePosition(line: number, column: first + offset)) }
            number += 1
        }
        return true
    }

    private func start(ofBlockAfter header: SourcePosition) -> Int { header.line + 1 }

    /// A folded block (§8.1.3): line breaks between lines of text are spaces, others stay.
    mutating func alignFolded() -> Bool {
        cursor.line = start(ofBlockAfter: cursor)
        let contentLine = source.lines.dropFirst(cursor.line - 1).first { $0.contains { $0 != " " } }
        guard let indentation = contentLine?.prefix(while: { $0 == " " }).count else { return value.isEmpty }
        cursor.column = indentation + 1
        var index = 0
        while index < value.count {
            if cursor.column > line.count {
                let run = value[index] == " " ? 1 : value[index...].prefix { $0 == "\n" }.count
                guard run > 0 else { return false }
                places.append(contentsOf: repeatElement(cursor, count: run))
                index += run
                skipEmptyLines(indentation: indentation)
            } else {
                guard line[cursor.column - 1] == value[index] else { return false }
                place(1)
                index += 1
            }
        }
        places.append(value.last == "\n" ? places.last ?? cursor : cursor)
        return true
    }

    /// Moves to the next line of a block that has text, behind its indentation.
    private mutating func skipEmptyLines(indentation: Int) {
        repeat {
            cursor.line += 1
        } while cursor.line < source.lines.count && line.count <= indentation && line.allSatisfy { $0 == " " }
        cursor.column = indentation + 1
    }
}
