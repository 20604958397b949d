import Foundation

/// A folder under the temporary folder that is removed when the object goes.
package final class ScratchFolder: Sendable {
    package let path: String

    package init() throws {
        let path = FileManager.default.temporaryDirectory.path + "/hookmail-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
