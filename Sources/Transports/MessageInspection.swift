package import Mail

/// The last look at a message before it leaves.
///
/// UTF-8 in its header makes it an internationalised message, which only a server with SMTPUTF8 gets.
///
/// libcurl sends what it is given: bare line ends and 8-bit bytes go out raw, which lets a crafted text smuggle a
/// second mail past the final dot (CVE-2023-51764); a line that begins with a dot makes version 7.88 cut the message
/// short with a result of "fine". The composer never produces any of these. This check makes sure of it once more,
/// because a stored message may be older than the composer that runs now. Addresses need no second look: a line end
/// in one would become a command, but an `Address` comes only from its parser, which refuses it.
package enum MessageInspection {
    /// What is wrong with `message`, in a sentence without its contents, or `nil` when it may be sent.
    package static func fault(in message: Message) -> String? {
        switch MessageFault.first(in: message.bytes, allowsUTF8Headers: true) {
        case nil: return nil
        case .unfinished: return "Not sent: the message does not end with a line end (CRLF)."
        case .notSevenBit(let offset):
            return "Not sent: byte \(offset) of the message is NUL or beyond 7 bits, and no UTF-8 of the header."
        case .bareLineEnd(let offset): return "Not sent: byte \(offset) of the message is a CR or LF on its own."
        case .lineTooLong(let offset): return "Not sent: the line at byte \(offset) of the message is too long."
        case .leadingDot(let offset): return "Not sent: the line at byte \(offset) of the message begins with a dot."
        }
    }
}
