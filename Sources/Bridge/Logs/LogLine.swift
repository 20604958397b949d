package import Events
package import Logging

/// One line of the log: when, how grave, a constant message, and what varies as fields beside it.
///
/// No value can end the line, pose as another field or steer a terminal: everything but plain text stands quoted, with
/// control characters, line ends of every kind and invisible characters as JSON escapes.
package struct LogLine: Sendable {
    /// The longest line in bytes, its end included: `PIPE_BUF` of Linux (pipe(7)), up to which a write to a pipe does
    /// not mix with those of other processes. Fields that find no room are left out, and `truncated` says so.
    package static let bytesMax = 4_096
    /// The longest value in bytes before it is quoted; a longer one is cut and ends with `…`.
    package static let valueBytesMax = 1_000
    /// The most fields beside time, level and message.
    package static let fieldsMax = 32
    /// The longest key in bytes; a longer one is cut.
    package static let keyBytesMax = 64

    private let time: Timestamp
    private let level: Logger.Level
    private let message: String
    private let fields: [(key: String, value: LogValue)]

    package init(time: Timestamp, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = Self.fields(of: metadata, under: "").sorted { $0.key < $1.key }
    }

    /// The line with its end.
    ///
    /// - Parameter hasPriority: whether `<6>` and its like stand first, which the systemd journal takes as the line's
    ///   priority and removes (sd-daemon(3)).
    package func bytes(as format: LogFormat, hasPriority: Bool = false) -> [UInt8] {
        var writer = LogLineWriter(format: format, prefix: hasPriority ? "<\(level.journalPriority)>" : "")
        writer.append("time", .text(time.rfc3339))
        writer.append("level", .text(level.rawValue))
        writer.append("message", .text(message))
        for field in fields.prefix(Self.fieldsMax) { writer.append(field.key, field.value) }
        if fields.count > Self.fieldsMax { writer.isTruncated = true }
        return writer.finished()
    }

    /// The leaves of the metadata: members of a dictionary under their parent's key and a dot.
    private static func fields(of metadata: Logger.Metadata, under parent: String) -> [(key: String, value: LogValue)] {
        metadata.flatMap { key, value -> [(key: String, value: LogValue)] in
            let name = parent.isEmpty ? cleaned(key) : parent + "." + cleaned(key)
            switch value {
            case .dictionary(let members): return fields(of: members, under: name)
            case .string(let text): return [(name, .text(text))]
            case .stringConvertible(let value): return [(name, LogValue(value))]
            case .array(let values): return [(name, .text(values.map(\.description).joined(separator: ",")))]
            }
        }
    }

    /// A key of letters, digits, dots and underscores that is none of the line's own.
    private static func cleaned(_ key: String) -> String {
        let bytes = key.utf8.prefix(keyBytesMax).map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F: byte
            default: 0x5F
            }
        }
        let name = String(decoding: bytes, as: UTF8.self)
        return ["", "time", "level", "message", "truncated"].contains(name) ? name + "_" : name
    }
}

/// What stands behind a key.
enum LogValue {
    case text(String)
    /// A number or a truth value, which JSON writes without quotation marks.
    case bare(String)

    init(_ value: any CustomStringConvertible) {
        switch value {
        case let value as any BinaryInteger: self = .bare(value.description)
        case let value as Double where value.isFinite: self = .bare(value.description)
        case let value as Bool: self = .bare(value.description)
        default: self = .text(value.description)
        }
    }
}

extension Logger.Level {
    /// The priority of syslog(3) that the systemd journal files a line under.
    fileprivate var journalPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
