import Foundation

/// The tree as the house rules see it.
enum House {
    /// A text file of the project, path relative to its root.
    struct File: Sendable, CustomStringConvertible {
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var description: String { path }
    }

    static let root: String = #filePath.components(separatedBy: "/Tests/TidyTests/")[0]

    static let sources = files(below: "Sources", endings: ["swift", "h", "cc"])
    static let tests = files(below: "Tests", endings: ["swift"])
    static let templates = files(below: "templates", endings: ["mustache", "swift"])

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    static func files(below folder: String, endings: Set<String>) -> [File] {
        let base = URL(fileURLWithPath: root + "/" + folder)
        guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
        var found: [File] = []
        for case let url as URL in walk where endings.contains(url.pathExtension) {
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
            found.append(File(path: folder + url.path.dropFirst(base.path.count), text: text))
        }
        return found.sorted { $0.path < $1.path }
    }
}
