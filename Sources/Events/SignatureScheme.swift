/// How a source signs its deliveries.
package enum SignatureScheme: Sendable {
    /// Keywords AI and Respan: hexadecimal HMAC-SHA256 over the body or over its canonical text.
    case keywordsai
    /// An HMAC over the body in a header of the user's choice.
    case hmac(HMACScheme)
}

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
}

extension SignatureScheme {
    /// The names under which Keywords AI and Respan send their signature: the documented one of each brand, and a
    /// misspelt one that stood in published sample code.
    package static let keywordsaiHeaders = ["X-Respan-Signature", "X-Keywordsai-Signature", "X-Keywords-Signature"]

    /// The header fields in which a signature of this scheme may stand.
    package var headers: [String] {
        switch self {
        case .keywordsai: Self.keywordsaiHeaders
        case .hmac(let scheme): [scheme.header]
        }
    }

    /// The hash function under the HMAC.
    var algorithm: HashAlgorithm {
        switch self {
        case .keywordsai: .sha256
        case .hmac(let scheme): scheme.algorithm
        }
    }

    /// Whether the canonical text of a body may be what was signed.
    var signsCanonicalText: Bool {
        if case .keywordsai = self { true } else { false }
    }

    /// The header field that a sender with this secret adds to a delivery of exactly these bytes.
    package func sign(_ body: [UInt8], with secret: Secret) -> HeaderField {
        let code = MessageCode.of(body, algorithm, key: secret.bytes)
        switch self {
        case .keywordsai:
            return HeaderField(name: "X-Keywordsai-Signature", value: Hex.encode(code))
        case .hmac(let scheme):
            let text = scheme.encoding == .hex ? Hex.encode(code) : Base64.encode(code)
            return HeaderField(name: scheme.header, value: scheme.prefix + text)
        }
    }

    /// The code that a header value carries, or `nil` when the value is not exactly one code of this scheme.
    func decode(_ value: Substring.UTF8View) -> [UInt8]? {
        var text = Array(value)
        var encoding = HMACScheme.Encoding.hex
        if case .hmac(let scheme) = self {
            guard text.starts(with: scheme.prefix.utf8) else { return nil }
            text.removeFirst(scheme.prefix.utf8.count)
            encoding = scheme.encoding
        }
        let code = encoding == .hex ? Hex.decode(text) : Base64.decode(text)
        return code?.count == algorithm.digestBytes ? code : nil
    }
}
