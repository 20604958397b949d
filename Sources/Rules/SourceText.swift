package import Expressions

/// The text of a configuration file with its lines, so that every finding can show the line it speaks of.
package struct SourceText: Sendable {
    /// The most a configuration file may hold, in bytes: `RuleSet.rulesMax` rules of 800 bytes, where an ordinary one
    /// takes 250.
    package static let bytesMax = 8 << 20

    /// The name of the file as the user gave it.
    package let file: String
    /// The whole text, without a byte order mark.
    package let text: String
    /// The lines without their ends. Lines end where YAML 1.1 readers end them: LF, CR, CR LF, NEL, LS and PS.
    let lines: [[Unicode.Scalar]]

    package init(file: String, text: String) {
        self.file = file
        let scalars = text.unicodeScalars
        self.text = scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : text
        var lines: [[Unicode.Scalar]] = []
        var line: [Unicode.Scalar] = []
        var endedWithCR = false
        for scalar in self.text.unicodeScalars {
            if endedWithCR, scalar == "\n" {
                endedWithCR = false
                continue
            }
            endedWithCR = scalar == "\r"
            if Self.isBreak(scalar) {
                lines.append(line)
                line = []
            } else {
                line.append(scalar)
            }
        }
        lines.append(line)
        self.lines = lines
    }

    /// Whether a scalar ends a line for the YAML reader.
    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// The scalars of a line counted from 1; nothing beyond the end.
    func scalars(ofLine line: Int) -> [Unicode.Scalar] {
        lines.indices.contains(line - 1) ? lines[line - 1] : []
    }

    /// The text of a line counted from 1, or `nil` beyond the end.
    package func line(_ number: Int) -> String? {
        guard lines.indices.contains(number - 1) else { return nil }
        return Self.string(lines[number - 1])
    }

    /// The scalar at a place, or `nil` at and behind the end of its line.
    func scalar(at position: SourcePosition) -> Unicode.Scalar? {
        let line = scalars(ofLine: position.line)
        return line.indices.contains(position.column - 1) ? line[position.column - 1] : nil
    }

    /// The place behind the last scalar.
    package var end: SourcePosition {
        SourcePosition(line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }

    /// A text of these scalars.
    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// A place in a file and how many scalars of its line are meant.
package struct SourceRange: Sendable, Equatable {
    package let position: SourcePosition
    /// At least 1.
    package let length: Int

    package init(_ position: SourcePosition, length: Int = 1) {
        self.position = position
        self.length = max(1, length)
    }

    /// The beginning of a file, for what is missing from it as a whole.
    package static let fileStart = SourceRange(SourcePosition(line: 1, column: 1))
}
