import Foundation

/// A block of code that README shows.
package enum ReadmeSnippet {
    /// The lines of the first block in a language, without white space around them.
    package static func lines(in language: String) throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard let start = lines.firstIndex(of: "```" + language), let end = lines[start...].firstIndex(of: "```") else {
            throw TestSupportFault("README.md shows nothing in \(language).")
        }
        return Array(lines[(start + 1)..<end])
    }
}
