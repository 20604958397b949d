import Testing

/// Every declaration another file can see says what a reader needs.
struct DocumentationTests {
    /// Undocumented declarations that exist today; the number may only fall.
    static let undocumentedMax = 0

    @Test func packageDeclarationsOfTypesAndFunctionsAreDocumented() {
        var missing: [String] = []
        for file in House.sources where file.path.hasSuffix(".swift") {
            let lines = file.lines
            for (index, line) in lines.enumerated() {
                let code = line.drop { $0 == " " }
                guard code.hasPrefix("package "), declares(code) else { continue }
                if !isDocumented(lines, index) { missing.append("\(file.path):\(index + 1): \(code)") }
            }
        }
        #expect(
            missing.count <= Self.undocumentedMax, "\(missing.count) undocumented:\n\(missing.joined(separator: "\n"))")
    }

    private func declares(_ code: Substring) -> Bool {
        let words = Set(code.split(separator: " ").prefix(5))
        return ["struct", "enum", "class", "protocol", "actor", "func"].contains { words.contains($0) }
    }

    private func isDocumented(_ lines: [Substring], _ index: Int) -> Bool {
        var above = index - 1
        while above >= 0 {
            let code = lines[above].drop { $0 == " " }
            if code.hasPrefix("///") { return true }
            guard code.hasPrefix("@") else { return false }
            above -= 1
        }
        return false
    }
}
