/// Puts the fields of a line one behind the other, as far as they fit.
struct LogLineWriter {
    /// Room kept for the mark of a truncated line and the line's end, in bytes.
    private static let tailBytes = 24

    private let format: LogFormat
    private var bytes: [UInt8]
    private var isFirst = true
    /// Whether something was left out.
    var isTruncated = false

    init(format: LogFormat, prefix: String) {
        self.format = format
        bytes = Array(prefix.utf8)
        if format == .json { bytes.append(UInt8(ascii: "{")) }
    }

    /// Adds a field, or leaves it out when the line would grow too long.
    mutating func append(_ key: String, _ value: LogValue) {
        let field = encoded(key, value)
        guard bytes.count + field.count + 1 <= LogLine.bytesMax - Self.tailBytes else {
            isTruncated = true
            return
        }
        add(field)
    }

    /// The whole line with its end.
    mutating func finished() -> [UInt8] {
        if isTruncated { add(encoded("truncated", .bare("true"))) }
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        return bytes + [UInt8(ascii: "\n")]
    }

    private mutating func add(_ field: [UInt8]) {
        if !isFirst { bytes.append(format == .json ? UInt8(ascii: ",") : UInt8(ascii: " ")) }
        isFirst = false
        bytes += field
    }

    private func encoded(_ key: String, _ value: LogValue) -> [UInt8] {
        switch (format, value) {
        case (.json, .text(let text)): Array("\"\(key)\":".utf8) + Self.quoted(text)
        case (.json, .bare(let text)): Array("\"\(key)\":\(text)".utf8)
        case (.logfmt, .bare(let text)): Array("\(key)=\(text)".utf8)
        case (.logfmt, .text(let text)):
            Array("\(key)=".utf8) + (Self.isPlain(text) ? Array(text.utf8) : Self.quoted(text))
        }
    }

    /// Whether a value may stand without quotation marks.
    private static func isPlain(_ text: String) -> Bool {
        guard (1...LogLine.valueBytesMax).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
                && byte != UInt8(ascii: "\\")
        }
    }

    /// The value as a JSON string, cut at `valueBytesMax` bytes of its own.
    private static func quoted(_ text: String) -> [UInt8] {
        var bytes = [UInt8(ascii: "\"")]
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= LogLine.valueBytesMax else {
                bytes += Array("…".utf8)
                break
            }
            append(scalar, to: &bytes)
        }
        return bytes + [UInt8(ascii: "\"")]
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"": bytes += Array(#"\""#.utf8)
        case "\\": bytes += Array(#"\\"#.utf8)
        case "\n": bytes += Array(#"\n"#.utf8)
        case "\r": bytes += Array(#"\r"#.utf8)
        case "\t": bytes += Array(#"\t"#.utf8)
        case " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default:
            guard isUnseen(scalar) else {
                bytes += Array(String(scalar).utf8)
                return
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                bytes += Array((#"\u"# + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
            }
        }
    }

    /// Controls, line ends of other alphabets, and characters that steer or hide text.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
