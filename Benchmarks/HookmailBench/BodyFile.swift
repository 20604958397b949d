import ArgumentParser
import Foundation

/// A body to measure with.
enum BodyFile {
    /// The bytes of a file; a missing one ends the command with a sentence.
    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("There is no file \(path).")
        }
        return Array(data)
    }
}
