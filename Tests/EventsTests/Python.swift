import Foundation

/// The machine's Python, as an oracle.
enum Python {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "")
        .split(separator: ":").map { $0 + "/python3" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// The output of a program that reads `input`.
    static func run(_ program: String, input: [UInt8]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory
        let file = folder.appending(path: "hookmail-python-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: path ?? "")
        process.arguments = ["-c", program]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(bytes)
    }
}
