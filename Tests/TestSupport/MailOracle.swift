package import Foundation

/// Somebody else's mail parser: CPython's `email` with `policy=SMTP`, over many mails in one process.
package struct MailOracle {
    /// What a mail must turn out to be.
    package struct Expectation: Codable, Sendable {
        package var bytes: Data
        package var subject: String
        package var from: String
        package var to: String
        package var displayName: String?
        package var text: String
        package var html: String
        /// Header names in order.
        package var headers: [String]
        /// Whether the HTML must hold only tags, attributes and values that the first mail with this flag holds, and
        /// no text that a mail program would make a link of.
        package var isFromEvent: Bool
        /// Everybody whom `To` names; empty for `to` alone.
        package var shownRecipients: [String] = []
        /// Whether a file goes with it.
        package var hasAttachment = false

        package init(
            bytes: [UInt8], subject: String, from: String, to: String, displayName: String? = nil, text: String,
            html: String, headers: [String], isFromEvent: Bool = false
        ) {
            self.bytes = Data(bytes)
            self.subject = subject
            self.from = from
            self.to = to
            self.displayName = displayName
            self.text = text
            self.html = html
            self.headers = headers
            self.isFromEvent = isFromEvent
        }
    }

    /// Whether there is a Python to ask.
    package static let isAvailable = python != nil

    private static let python: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return folders.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// A file that goes with a mail, as the parser finds it.
    package struct AttachedFile: Codable, Sendable {
        package let name: String
        package let type: String
        package let text: String
        /// How many faults it has, and the mail.
        package let defects: Int
    }

    /// The files that go with a mail.
    package static func attachments(_ mail: [UInt8]) throws -> [AttachedFile] {
        guard let python else { return [] }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "list_attachments.py")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("mail-\(UUID().uuidString).eml")
        try Data(mail).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try TestProcess.run(python, [script.path, file.path])
        return try JSONDecoder().decode([AttachedFile].self, from: Data(result.output.utf8))
    }

    /// The addresses of a mail as a parser for internationalised mail (RFC 6532) finds them.
    package struct Addresses: Codable, Sendable {
        /// By the name of the field, each with the name of the group it stands in, or `nil`; an empty group has one
        /// empty address.
        package let fields: [String: [[String?]]]
        package let subject: String
        /// How many faults the mail has.
        package let defects: Int
        /// Whether the parser writes them back as they are.
        package let isSame: Bool
    }

    /// The addresses of a mail whose header may be UTF-8: CPython's `email` with `policy=SMTPUTF8`.
    package static func addresses(_ mail: [UInt8]) throws -> Addresses {
        guard let python else { throw TestSupportFault("There is no python3.") }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "list_addresses.py")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("mail-\(UUID().uuidString).eml")
        try Data(mail).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try TestProcess.run(python, [script.path, file.path])
        return try JSONDecoder().decode(Addresses.self, from: Data(result.output.utf8))
    }

    /// What the parser finds wrong, one line a fault; the last line is `checked N`.
    package static func findings(_ mails: [Expectation]) throws -> [String] {
        guard let python else { return ["no python3"] }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "check_mails.py")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "hookmail-oracle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appendingPathComponent("mails.json")
        try JSONEncoder().encode(mails).write(to: input)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path, input.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
