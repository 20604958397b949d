/// A header field of a message as a typed value: no text reaches the wire without passing the rules of its kind.
package struct MailHeader: Sendable, Equatable {
    /// What a field holds.
    package enum Value: Sendable, Equatable {
        /// Free text: cleaned, folded, and encoded where it must be (RFC 5322 §3.2.5, RFC 2047).
        case text(String)
        case mailbox(Mailbox)
        /// Several mailboxes, at least one.
        case mailboxes([Mailbox])
        /// Several addresses, at least one, all in ASCII: one whose local part is not stands as the name of an empty
        /// group (RFC 5322 §3.4), to be read and not to be answered, as RFC 6857 §3 writes it for readers of ASCII.
        case addressesInASCII([Address])
        case date(MailDate)
        case messageIDs([MessageID])
        /// A short ASCII text of ours, written as it is; never anything that came from outside.
        case token(String)
        /// An absolute URL in ASCII without spaces, put into angle brackets (RFC 2369 §2).
        case link(String)
        /// `multipart/alternative` with this boundary.
        case alternative(boundary: String)
        /// `multipart/mixed` with this boundary.
        case mixed(boundary: String)
        case listID(ListID)
    }

    /// The field's name, one of ours.
    package let name: String
    package let value: Value

    /// The length in bytes that lines are folded to where the words allow it (RFC 5322 §2.1.1).
    package static let lineBytesWanted = 78

    package init(name: String, value: Value) {
        self.name = name
        self.value = value
    }

    /// The field with its CRLF, folded.
    package func encoded() -> [UInt8] {
        let start = "\(name): "
        var line = start
        var column = start.utf8.count
        for (index, word) in words(after: column).enumerated() {
            let length = word.utf8.count
            if index == 0, isOneLongWord, column + length > Self.lineBytesWanted {
                line = "\(name):\r\n "
                column = 1
            }
            if index > 0 {
                let separator = column + 1 + length > Self.lineBytesWanted ? "\r\n " : " "
                line += separator
                column = separator == " " ? column + 1 : 1
            }
            line += word
            column += length
        }
        return Array(line.utf8) + [0x0D, 0x0A]
    }

    /// Whether the value cannot be folded: where it is too long for the line of its name it has the next one.
    private var isOneLongWord: Bool {
        switch value {
        case .link, .listID: true
        default: false
        }
    }

    /// The value as words between which a line may be folded.
    private func words(after column: Int) -> [String] {
        switch value {
        case .text(let text): Self.words(ofText: HeaderText.cleaned(text), after: column)
        case .mailbox(let mailbox): Self.words(of: mailbox, after: column)
        case .mailboxes(let mailboxes): Self.words(of: mailboxes, after: column)
        case .addressesInASCII(let addresses): Self.wordsInASCII(of: addresses, after: column)
        case .date(let date): [date.rfc5322]
        case .messageIDs(let ids): ids.map { "<\($0.text)>" }
        case .token(let token): [token]
        case .link(let url): ["<\(url)>"]
        case .alternative(let boundary): ["multipart/alternative;", "boundary=\"\(boundary)\""]
        case .mixed(let boundary): ["multipart/mixed;", "boundary=\"\(boundary)\""]
        case .listID(let list): ["<\(list.text)>"]
        }
    }

    /// Plain words stay readable; from the first to the last one that cannot stand as it is, the text is encoded.
    private static func words(ofText text: String, after column: Int) -> [String] {
        let bytes = Array(text.utf8)
        let words = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
        // An empty word stands between two spaces, one of which folding would lose: its neighbours are encoded with it.
        let isPlain = words.indices.map { index in
            isPlainWord(words[index]) && (index == 0 || !words[index - 1].isEmpty)
                && (index == words.count - 1 || !words[index + 1].isEmpty)
        }
        guard let first = isPlain.firstIndex(of: false), let last = isPlain.lastIndex(of: false) else {
            return words.map { String(decoding: $0, as: UTF8.self) }
        }
        let before = words[..<first].map { String(decoding: $0, as: UTF8.self) }
        let after = words[(last + 1)...].map { String(decoding: $0, as: UTF8.self) }
        let middle = bytes[words[first].startIndex..<words[last].endIndex]
        let used = before.reduce(column) { $0 + $1.utf8.count + 1 }
        let encoded = EncodedWord.words(for: middle, firstBytesMax: lineBytesWanted - used)
        return before + encoded + after
    }

    /// Printable, short enough to be folded before, and nothing that a reader could take for an encoded-word.
    private static func isPlainWord(_ word: ArraySlice<UInt8>) -> Bool {
        guard !word.isEmpty, word.count <= 60 else { return false }
        guard word.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        return !zip(word, word.dropFirst()).contains { $0 == UInt8(ascii: "=") && $1 == UInt8(ascii: "?") }
    }

    private static func words(of mailboxes: [Mailbox], after column: Int) -> [String] {
        var all: [String] = []
        for mailbox in mailboxes {
            if let last = all.indices.last { all[last] += "," }
            all += words(of: mailbox, after: all.isEmpty ? column : 1)
        }
        return all
    }

    private static func wordsInASCII(of addresses: [Address], after column: Int) -> [String] {
        var all: [String] = []
        for address in addresses {
            if let last = all.indices.last { all[last] += "," }
            guard address.needsSMTPUTF8 else {
                all.append(address.description)
                continue
            }
            let room = lineBytesWanted - (all.isEmpty ? column : 1)
            // RFC 2047 §5 (3) wants a space between an encoded-word and what follows.
            all += EncodedWord.words(for: Array(address.description.utf8)[...], firstBytesMax: room) + [":;"]
        }
        return all
    }

    private static func words(of mailbox: Mailbox, after column: Int) -> [String] {
        guard let name = mailbox.displayName.map(HeaderText.cleaned), !name.isEmpty else {
            return [mailbox.address.description]
        }
        let address = "<\(mailbox.address)>"
        let bytes = Array(name.utf8)
        let atoms = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
        if atoms.allSatisfy({ !$0.isEmpty && $0.count <= 60 && $0.allSatisfy(\.isAtomText) && isPlainWord($0) }) {
            return atoms.map { String(decoding: $0, as: UTF8.self) } + [address]
        }
        let isQuotable = atoms.allSatisfy { isPlainWord($0) } && bytes.count <= 60
        if isQuotable {
            let escaped = bytes.flatMap { byte in
                byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
            }
            return ["\"\(String(decoding: escaped, as: UTF8.self))\"", address]
        }
        return EncodedWord.words(for: bytes[...], firstBytesMax: lineBytesWanted - column) + [address]
    }
}

/// The value of `List-Id` (RFC 2919): one list per rule, so that mail programs can sort by it.
package struct ListID: Sendable, Hashable {
    /// `label.namespace`, without angle brackets.
    package let text: String

    /// Makes the identifier from a rule's name; what cannot stand in a label becomes a hyphen, and a name that loses by
    /// that is told from its likes by a fingerprint.
    package init(rule: String, namespace: String) {
        let bytes = Array(rule.utf8)
        var label: [UInt8] = []
        for byte in bytes.prefix(40) {
            let isFit = byte.isLetterOrDigit || byte == UInt8(ascii: "-")
            label.append(isFit ? byte.asciiLowercased : UInt8(ascii: "-"))
        }
        while label.last == UInt8(ascii: "-") { label.removeLast() }
        while label.first == UInt8(ascii: "-") { label.removeFirst() }
        if label != bytes {
            label += Array(((label.isEmpty ? "" : "-") + Fingerprint.hex(of: bytes)).utf8)
        }
        let host = Address.isDomain(namespace) ? namespace : "localhost"
        text = "\(String(decoding: label, as: UTF8.self)).\(host)"
    }
}
