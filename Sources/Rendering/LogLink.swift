import Events
import Mail

/// Where an event's log stands on its platform: an address with facts in it, such as
/// `https://platform.example.com/logs/{unique_id}` (`log_url`).
///
/// The host is the operator's. What comes from events is percent-encoded, stands behind the host only, and cannot lead
/// out of the path; where it could be anything but an id there is no link.
package struct LogLink: Sendable, Equatable {
    /// The longest pattern in bytes.
    package static let patternBytesMax = 500
    /// The longest value of a fact in the address, in bytes.
    static let valueBytesMax = 200

    private enum Part: Equatable {
        case literal(String)
        case fact(Fact)
    }

    private let parts: [Part]

    /// Reads a pattern.
    package init(pattern: String) throws(LogLinkFault) {
        let bytes = Array(pattern.utf8)
        guard let host = Self.hostStart(bytes) else {
            throw LogLinkFault("it begins with neither https:// nor http://", at: 0)
        }
        let end = bytes[host...].firstIndex { [0x2F, 0x3F, 0x23].contains($0) } ?? bytes.count
        if let wrong = bytes[host..<end].firstIndex(where: { !Self.isOfHost($0) }) {
            throw LogLinkFault(
                "`\(String(decoding: bytes[wrong...wrong], as: UTF8.self))` cannot stand in the host's name", at: wrong,
                hint: "facts stand behind the host: `https://platform.example.com/logs/{unique_id}`")
        }
        guard end > host else { throw LogLinkFault("it has no host", at: host) }
        if let wrong = bytes.firstIndex(where: { $0 <= 0x20 || $0 >= 0x7F || Self.isQuote($0) }) {
            throw LogLinkFault("here stands what no address can hold", at: wrong, hint: "write it percent-encoded")
        }
        parts = try Self.parts(bytes)
        guard parts.contains(where: { if case .fact = $0 { true } else { false } }) else {
            throw LogLinkFault(
                "it names no fact, so it would be the same for every event", at: 0,
                hint: "write the fact that tells logs apart in braces: `{unique_id}`")
        }
    }

    /// The address of the log of the event with these facts, or `nil` when one of them is missing or is no id.
    func address(_ event: EventFacts) -> String? {
        var address = ""
        for part in parts {
            switch part {
            case .literal(let text): address += text
            case .fact(let fact):
                guard let value = event.text(fact), let encoded = Self.encoded(value) else { return nil }
                address += encoded
            }
        }
        return address
    }

    /// A value as one part of an address, percent-encoded. `nil` for what is too long, for a key, and for dots alone,
    /// which would lead out of the path.
    private static func encoded(_ value: String) -> String? {
        let bytes = value.utf8
        guard !bytes.isEmpty, bytes.count <= valueBytesMax, bytes.contains(where: { $0 != 0x2E }),
            CredentialPattern.removed(from: value) == value
        else { return nil }
        return PercentEncoding.encoded(value)
    }

    // MARK: The pattern

    private static func parts(_ bytes: [UInt8]) throws(LogLinkFault) -> [Part] {
        var parts: [Part] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "}") {
                throw LogLinkFault("this brace closes nothing", at: index)
            }
            guard bytes[index] == UInt8(ascii: "{") else {
                let end = bytes[index...].firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
                parts.append(.literal(String(decoding: bytes[index..<(end ?? bytes.count)], as: UTF8.self)))
                index = end ?? bytes.count
                continue
            }
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
                throw LogLinkFault("this brace has no end", at: index)
            }
            let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
            guard let fact = Fact.named(name), fact.type == .string || fact.type == .int else {
                throw LogLinkFault(
                    "no fact with a text or a whole number is called `\(name)`", at: index + 1, unknownName: name)
            }
            parts.append(.fact(fact))
            index = end + 1
        }
        return parts
    }

    /// Where the host begins.
    private static func hostStart(_ bytes: [UInt8]) -> Int? {
        for scheme in ["https://", "http://"] where bytes.starts(with: scheme.utf8) { return scheme.utf8.count }
        return nil
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "]")
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"), 0x5C].contains(
            byte)
    }
}

/// What is wrong with a `log_url`.
package struct LogLinkFault: Error, Equatable {
    /// In one sentence without a full stop.
    package let message: String
    /// The byte of the pattern, from 0.
    package let offset: Int
    package let hint: String?
    /// A name that no fact has.
    package let unknownName: String?

    init(_ message: String, at offset: Int, hint: String? = nil, unknownName: String? = nil) {
        self.message = message
        self.offset = offset
        self.hint = hint
        self.unknownName = unknownName
    }
}
