/// An address with an optional display name, as in `Hookmail <alerts@example.com>` (RFC 5322 §3.4).
package struct Mailbox: Sendable, Hashable {
    /// The name shown in place of the address, without quotes; any Unicode text of one line.
    package let displayName: String?
    package let address: Address

    /// The longest display name in bytes (UTF-8).
    package static let displayNameBytesMax = 256

    /// A mailbox without a display name.
    package init(_ address: Address) {
        self.displayName = nil
        self.address = address
    }

    /// Reads `Name <a@b.c>`, `"Quoted, name" <a@b.c>`, `<a@b.c>` or `a@b.c`.
    package init(parsing text: String) throws(AddressFault) {
        let bytes = Array(text.utf8)
        if let offset = bytes.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw AddressFault(.control, at: offset)
        }
        guard let open = bytes.lastIndex(of: UInt8(ascii: "<")) else {
            guard !bytes.contains(UInt8(ascii: " ")) || !bytes.contains(UInt8(ascii: "@")) else {
                throw AddressFault(.angleBracketMissing, at: 0)
            }
            displayName = nil
            address = try Address(parsing: text)
            return
        }
        guard bytes.last == UInt8(ascii: ">") else { throw AddressFault(.angleBracketMissing, at: bytes.count) }
        address = try Address(parsing: String(decoding: bytes[(open + 1)..<(bytes.count - 1)], as: UTF8.self))
        // Runs of spaces mean nothing in a name, and not every reader keeps them.
        let words = try Self.unquoted(bytes[..<open]).utf8.split(separator: 0x20)
        let name = words.map { String(Substring($0)) }.joined(separator: " ")
        guard name.utf8.count <= Self.displayNameBytesMax else {
            throw AddressFault(.displayNameTooLong, at: Self.displayNameBytesMax)
        }
        displayName = name.isEmpty ? nil : name
    }

    /// The name without surrounding spaces and quotes. A bare name may hold anything but quotes and angle brackets.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) throws(AddressFault) -> String {
        var name = bytes
        while name.first == 0x20 { name.removeFirst() }
        while name.last == 0x20 { name.removeLast() }
        let quote = UInt8(ascii: "\"")
        guard name.first == quote else {
            if let offset = name.firstIndex(where: { $0 == quote || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
            ) {
                throw AddressFault(.displayNameQuote, at: offset)
            }
            return String(decoding: name, as: UTF8.self)
        }
        guard name.count >= 2, name.last == quote else { throw AddressFault(.displayNameQuote, at: name.startIndex) }
        var result: [UInt8] = []
        var isEscaped = false
        for (offset, byte) in zip(name.indices, name).dropFirst().dropLast() {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            }
            guard isEscaped || byte != quote else { throw AddressFault(.displayNameQuote, at: offset) }
            result.append(byte)
            isEscaped = false
        }
        guard !isEscaped else { throw AddressFault(.displayNameQuote, at: name.endIndex - 1) }
        return String(decoding: result, as: UTF8.self)
    }
}
