/// A password or token that no description, dump or interpolation prints.
package struct Password: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself; only the code that hands it to libcurl reads it.
    let text: String

    /// Keeps `text` as it is given: cutting a trailing newline is the reader's work.
    package init(_ text: String) {
        self.text = text
    }

    /// A token as servers give it out; `nil` for what is none: the characters that one may have (RFC 6750 §2.1),
    /// somewhat more widely, and nothing that could end a line.
    init?(token bytes: [UInt8]) {
        guard (1...AccessTokens.tokenBytesMax).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
