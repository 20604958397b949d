/// What would make the bytes of a message unsafe on the wire. The place is the offset of the first bad byte.
package enum MessageFault: Error, Sendable, Equatable {
    /// There are no bytes, or the last line has no end.
    case unfinished
    /// NUL, or a byte beyond ASCII where there must be none: in the body, or in a header that is not UTF-8.
    case notSevenBit(offset: Int)
    /// A CR without LF or an LF without CR: the root of SMTP smuggling.
    case bareLineEnd(offset: Int)
    /// A line of more than 998 bytes (RFC 5322 §2.1.1).
    case lineTooLong(offset: Int)
    /// A line begins with a dot: libcurl 7.88 cuts the message when it doubles dots and the size is known.
    case leadingDot(offset: Int)

    /// The longest line in bytes without its CRLF (RFC 5322 §2.1.1).
    package static let lineBytesMax = 998

    /// The first fault of `bytes`, or `nil` when they may be sent as they are.
    ///
    /// - Parameter allowsUTF8Headers: Whether the header may hold UTF-8, as that of an internationalised message does
    ///   (RFC 6532 §3.2). The body has 7 bits in any case.
    package static func first(in bytes: [UInt8], allowsUTF8Headers: Bool = false) -> MessageFault? {
        guard bytes.count >= 2, bytes[bytes.count - 2] == 0x0D, bytes[bytes.count - 1] == 0x0A else {
            return .unfinished
        }
        var lineStart = 0
        var offset = 0
        var isInHeader = true
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == 0x0D {
                guard offset + 1 < bytes.count, bytes[offset + 1] == 0x0A else { return .bareLineEnd(offset: offset) }
                guard offset - lineStart <= lineBytesMax else { return .lineTooLong(offset: lineStart) }
                // The first empty line ends the header.
                isInHeader = isInHeader && offset != lineStart
                offset += 2
                lineStart = offset
                continue
            }
            guard byte != 0x0A else { return .bareLineEnd(offset: offset) }
            if byte >= 0x80, isInHeader, allowsUTF8Headers, let end = endOfUTF8(in: bytes, from: offset) {
                offset = end
                continue
            }
            guard byte != 0, byte < 0x80 else { return .notSevenBit(offset: offset) }
            guard offset != lineStart || byte != UInt8(ascii: ".") else { return .leadingDot(offset: offset) }
            offset += 1
        }
        return nil
    }

    /// Where the bytes beyond ASCII that begin at `offset` end; `nil` when they are not UTF-8.
    private static func endOfUTF8(in bytes: [UInt8], from offset: Int) -> Int? {
        let run = bytes[offset...].prefix { $0 >= 0x80 }
        return String(validating: run, as: UTF8.self) == nil ? nil : run.endIndex
    }
}

/// Why a draft could not be made into a message. The texts hold nothing of the draft.
package enum CompositionFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The finished message would be larger than `MessageDraft.messageBytesMax`.
    case tooLarge(bytes: Int)
    /// The finished bytes are not safe on the wire; nothing that is given to a draft should come to this.
    case unsafe(MessageFault)

    package var description: String {
        switch self {
        case .tooLarge(let bytes):
            "the message has \(bytes) bytes, \(MessageDraft.messageBytesMax) are allowed: shorten the template"
        case .unsafe(let fault): "the composed message is not safe to send (\(fault))"
        }
    }
}
