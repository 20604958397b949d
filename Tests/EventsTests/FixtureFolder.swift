import Foundation
import Testing

/// A folder below `Fixtures`, found beside this file.
struct FixtureFolder: Sendable, CustomTestStringConvertible {
    let url: URL

    var name: String { url.lastPathComponent }
    var testDescription: String { name }

    /// The folders of one kind of case, by name.
    static func cases(of kind: String) -> [FixtureFolder] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(kind)")
        let entries = (try? FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)) ?? []
        return entries.filter(\.hasDirectoryPath).sorted { $0.path < $1.path }.map(FixtureFolder.init)
    }

    func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: file)))
    }

    func bytesIfPresent(_ file: String) -> [UInt8]? {
        try? bytes(file)
    }
}
