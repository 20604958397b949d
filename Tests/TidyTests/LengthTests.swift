import Testing

/// Lengths are ratchets: a limit may be lowered, and never raised without a reason in the commit.
struct LengthTests {
    static let fileLinesMax = 300
    static let functionLinesMax = 60
    static let columnsMax = 120

    @Test func filesStayShort() {
        for file in House.sources + House.templates {
            #expect(file.lines.count <= Self.fileLinesMax, "\(file.path) has \(file.lines.count) lines: split its noun")
        }
    }

    @Test func linesStayShort() {
        for file in House.sources + House.tests where file.path.hasSuffix(".swift") {
            for (index, line) in file.lines.enumerated() where line.unicodeScalars.count > Self.columnsMax {
                Issue.record("\(file.path):\(index + 1) has \(line.unicodeScalars.count) columns")
            }
        }
    }

    @Test func functionsStayShort() {
        for file in House.sources where file.path.hasSuffix(".swift") {
            for function in functions(in: file) where function.lines > Self.functionLinesMax {
                Issue.record("\(file.path):\(function.start) is \(function.lines) lines long: give its steps names")
            }
        }
    }

    /// Functions and initialisers by indentation, which the formatter keeps honest.
    private func functions(in file: House.File) -> [(start: Int, lines: Int)] {
        var found: [(start: Int, lines: Int)] = []
        let lines = file.lines
        for (index, line) in lines.enumerated() {
            let code = line.drop { $0 == " " }
            let words = code.split(separator: " ")
            guard words.contains("func") || words.contains(where: { $0.hasPrefix("init(") }), !code.hasPrefix("//")
            else {
                continue
            }
            let indent = line.count - code.count
            let end = lines[(index + 1)...].firstIndex { line in
                line.hasPrefix(String(repeating: " ", count: indent) + "}")
            }
            if let end { found.append((index + 1, end - index + 1)) }
        }
        return found
    }
}
