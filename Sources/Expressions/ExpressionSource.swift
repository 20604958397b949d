/// The text of one expression and where it stands: in a file of its own, or somewhere inside a YAML scalar.
package struct ExpressionSource: Sendable {
    /// The expression as the parser sees it.
    package let text: String
    /// The name of the file for diagnostics, such as `hookmail.yaml`.
    package let file: String

    private let locator: @Sendable (Int) -> (SourcePosition, String)

    /// A stand-alone expression whose lines are the lines of `text`.
    package init(text: String, file: String) {
        self.init(text: text, file: file) { offset in Self.locate(offset, in: text) }
    }

    /// An expression inside another file.
    ///
    /// - Parameter locate: Turns an offset into `text`, counted in Unicode scalars from 0, into the place in the file
    ///   and the text of that file line. It is also asked for the offset just behind the last scalar.
    package init(text: String, file: String, locate: @escaping @Sendable (Int) -> (SourcePosition, String)) {
        self.text = text
        self.file = file
        self.locator = locate
    }

    /// The place and the whole line of the scalar at `offset`.
    package func location(ofScalar offset: Int) -> (position: SourcePosition, line: String) {
        let (position, line) = locator(max(0, offset))
        return (position, line)
    }

    /// Finds `offset` in `text` by counting lines; CR LF, LF and CR end a line.
    private static func locate(_ offset: Int, in text: String) -> (SourcePosition, String) {
        let scalars = text.unicodeScalars
        var line = 1
        var lineStart = scalars.startIndex
        var column = 1
        var index = scalars.startIndex
        var walked = 0
        while walked < offset, index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            walked += 1
            let isFirstOfPair = scalar == "\r" && index < scalars.endIndex && scalars[index] == "\n"
            if scalar == "\n" || (scalar == "\r" && !isFirstOfPair) {
                line += 1
                column = 1
                lineStart = index
            } else {
                column += 1
            }
        }
        let lineEnd = scalars[lineStart...].firstIndex { $0 == "\n" || $0 == "\r" } ?? scalars.endIndex
        return (SourcePosition(line: line, column: column), String(scalars[lineStart..<lineEnd]))
    }
}
