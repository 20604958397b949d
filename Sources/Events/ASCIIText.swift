/// Comparisons of names that protocols compare without case.
enum ASCIIText {
    /// Whether two names are the same but for the case of ASCII letters.
    static func isSame(_ lhs: String, _ rhs: String) -> Bool {
        guard lhs.utf8.count == rhs.utf8.count else { return false }
        return zip(lhs.utf8, rhs.utf8).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
    }

    /// Without the spaces and tabs around it (RFC 9110 §5.5).
    static func trimmed(_ value: Substring.UTF8View) -> Substring.UTF8View {
        var rest = value
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest = rest.dropLast() }
        return rest
    }

    /// Whether every byte is a printable one of ASCII, the space left out.
    static func isVisible(_ text: some Sequence<UInt8>) -> Bool {
        text.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension [HeaderField] {
    /// The values of all fields with this name, without white space around them, in order.
    func values(_ name: String) -> [Substring.UTF8View] {
        filter { ASCIIText.isSame($0.name, name) }.map { ASCIIText.trimmed(Substring($0.value).utf8) }
    }

    /// The value of the one field with this name; `nil` when there is none, an empty one, or more than one, which would
    /// leave open which of them counts.
    func only(_ name: String) -> Substring.UTF8View? {
        let found = values(name)
        guard found.count == 1, let value = found.first, !value.isEmpty else { return nil }
        return value
    }
}
