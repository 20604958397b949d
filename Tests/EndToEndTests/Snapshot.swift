import Foundation
import Testing

/// Texts that the program prints, kept in files so that a change of them is read by somebody. With
/// `HOOKMAIL_RECORD_FIXTURES=1` they are written anew.
enum Snapshot {
    static func expect(_ text: String, in folder: String, as name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: folder)
            .appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["HOOKMAIL_RECORD_FIXTURES"] != nil {
            try Data(text.utf8).write(to: file)
        }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        #expect(text == kept, "\(folder)/\(name).txt says something else; HOOKMAIL_RECORD_FIXTURES=1 writes it anew")
    }
}
