/// One finding in a configuration file or an expression, with the place it was found at.
package struct Diagnostic: Error, Sendable, Equatable {
    /// Whether the finding stops the configuration from being taken into force.
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    package var severity: Severity
    /// The name of the file, as the user gave it.
    package var file: String
    package var position: SourcePosition
    /// How many scalars of the line are meant, at least 1; what reaches beyond the line's end is not marked.
    package var length: Int
    /// What is wrong, in one sentence without a full stop.
    package var message: String
    /// What to do about it, where that is known.
    package var hint: String?
    /// The text of the line, without its end; `nil` where there is none to show.
    package var sourceLine: String?

    /// The widest excerpt of a line that is shown, in scalars; longer lines are cut around the caret.
    private static let excerptScalarsMax = 160

    package init(
        severity: Severity = .error, file: String, position: SourcePosition, length: Int = 1, message: String,
        hint: String? = nil, sourceLine: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.length = max(1, length)
        self.message = message
        self.hint = hint
        self.sourceLine = sourceLine
    }

    /// A finding about `length` scalars of an expression, beginning at `offset` (in scalars from 0).
    package init(
        severity: Severity = .error, in source: ExpressionSource, offset: Int, length: Int = 1, message: String,
        hint: String? = nil
    ) {
        let (position, line) = source.location(ofScalar: offset)
        self.init(
            severity: severity, file: source.file, position: position, length: length, message: message, hint: hint,
            sourceLine: line
        )
    }

    /// The finding as a terminal shows it: `file:line:column: error: message`, the line, a caret line and the hint.
    ///
    /// - Parameter color: Whether ANSI colours are put around the severity and the caret.
    package func rendered(color: Bool = false) -> String {
        let paint = severity == .error ? "\u{1B}[1;31m" : "\u{1B}[1;33m"
        let (on, off) = color ? (paint, "\u{1B}[0m") : ("", "")
        var text = "\(file):\(position.line):\(position.column): \(on)\(severity.rawValue):\(off) \(Self.safe(message))"
        if let sourceLine {
            let (line, indent, marks) = excerpt(of: Self.safe(sourceLine))
            text += "\n\(line)\n\(indent)\(on)\(marks)\(off)"
        }
        if let hint { text += "\nhint: \(Self.safe(hint))" }
        return text
    }

    /// The part of the line around the caret, the white space before the caret (tabs kept, so that the caret stands
    /// under its character whatever the terminal makes of them), and the carets.
    private func excerpt(of line: String) -> (line: String, indent: String, marks: String) {
        var scalars = Array(line.unicodeScalars)
        var start = min(max(0, position.column - 1), scalars.count)
        if scalars.count > Self.excerptScalarsMax {
            let cut = max(0, min(start - Self.excerptScalarsMax / 2, scalars.count - Self.excerptScalarsMax))
            let end = min(scalars.count, cut + Self.excerptScalarsMax)
            let tail: [Unicode.Scalar] = end < scalars.count ? ["…"] : []
            scalars = (cut > 0 ? ["…"] : []) + scalars[cut..<end] + tail
            start -= cut - (cut > 0 ? 1 : 0)
        }
        var indent = String.UnicodeScalarView()
        indent.append(contentsOf: scalars[..<start].map { $0 == "\t" ? "\t" : " " })
        let room = max(1, scalars.count - start)
        return (Self.string(scalars), String(indent), String(repeating: "^", count: min(length, room)))
    }

    /// `text` with control and direction-changing characters replaced, so that no file can steer a terminal.
    private static func safe(_ text: String) -> String {
        string(
            text.unicodeScalars.map { scalar in
                switch scalar.value {
                case 0x09: scalar
                case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
                default: scalar
                }
            }
        )
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
