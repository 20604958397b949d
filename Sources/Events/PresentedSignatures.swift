/// The signatures that a request carries in the headers of a scheme, strictly decoded.
struct PresentedSignatures {
    /// More bytes in all values together are refused.
    static let bytesMax = 4_096
    /// More values are refused.
    static let valuesMax = 16

    /// The decoded codes, each as long as the scheme's digest; empty when there is none or too much.
    let codes: [[UInt8]]

    /// Collects the values of all fields, split at commas as a proxy may have joined them (RFC 9110 §5.3).
    init(headers: [HeaderField], scheme: SignatureScheme) {
        var values: [Substring.UTF8View] = []
        var bytes = 0
        for field in headers where scheme.headers.contains(where: { Self.sameName($0, field.name) }) {
            bytes += field.value.utf8.count
            guard bytes <= Self.bytesMax else { break }
            values += Substring(field.value).utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
        let isTooMuch = bytes > Self.bytesMax || values.count > Self.valuesMax
        codes = isTooMuch ? [] : values.compactMap { scheme.decode(Self.trimmed($0)) }
    }

    private static func sameName(_ lhs: String, _ rhs: String) -> Bool {
        lhs.utf8.count == rhs.utf8.count
            && lhs.utf8.lazy.map(\.lowercased).elementsEqual(rhs.utf8.lazy.map(\.lowercased))
    }

    /// Without the spaces and tabs around it (RFC 9110 §5.5).
    private static func trimmed(_ value: Substring.UTF8View) -> Substring.UTF8View {
        var rest = value
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest = rest.dropLast() }
        return rest
    }
}
