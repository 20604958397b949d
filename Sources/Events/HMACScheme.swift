/// The parts of a scheme that puts one HMAC over the raw body into a header, such as GitHub's
/// `X-Hub-Signature-256: sha256=<hex>`.
package struct HMACScheme: Sendable, Equatable {
    /// How the code is written.
    package enum Encoding: String, Sendable, CaseIterable {
        /// Hexadecimal digits in any case.
        case hex
        /// Standard alphabet, padded.
        case base64
    }

    /// The header's name, compared without case.
    package var header: String
    package var algorithm: HashAlgorithm
    package var encoding: Encoding
    /// What stands before the code, such as `sha256=`; a value without it is no signature.
    package var prefix: String

    package init(header: String, algorithm: HashAlgorithm = .sha256, encoding: Encoding = .hex, prefix: String = "") {
        self.header = header
        self.algorithm = algorithm
        self.encoding = encoding
        self.prefix = prefix
    }

    /// A code as the header carries it.
    func encode(_ code: [UInt8]) -> String {
        prefix + (encoding == .hex ? Hex.encode(code) : Base64.encode(code))
    }

    /// The code that a header value carries, or `nil` when the value is not exactly one code of this scheme.
    func decode(_ value: Substring.UTF8View) -> [UInt8]? {
        guard value.starts(with: prefix.utf8) else { return nil }
        let text = Array(value.dropFirst(prefix.utf8.count))
        let code = encoding == .hex ? Hex.decode(text) : Base64.decode(text)
        return code?.count == algorithm.digestBytes ? code : nil
    }
}

/// The parts of a scheme that puts the secret itself into a header.
package struct TokenScheme: Sendable, Equatable {
    /// The header that carries a token unless the configuration names another (RFC 6750 §2.1).
    package static let standardHeader = "Authorization"

    /// The header's name, compared without case.
    package var header: String

    package init(header: String = standardHeader) {
        self.header = header
    }

    /// Whether the token stands behind the word `Bearer`, as it always does in `Authorization`.
    package var isBearer: Bool { ASCIIText.isSame(header, Self.standardHeader) }

    /// The token that a header value carries, or `nil`.
    func token(in value: Substring.UTF8View) -> [UInt8]? {
        guard isBearer else { return value.isEmpty ? nil : Array(value) }
        // The scheme's name in any case, then spaces (RFC 9110 §11.4).
        let word = "bearer".utf8
        guard value.prefix(word.count).lazy.map(\.lowercased).elementsEqual(word),
            value.dropFirst(word.count).first == UInt8(ascii: " ")
        else { return nil }
        let token = value.dropFirst(word.count).drop { $0 == UInt8(ascii: " ") }
        return token.isEmpty ? nil : Array(token)
    }
}
