/// How a signature was made, as the doctor found it out.
package struct SignatureMatch: Sendable {
    /// What stood before the body in the signed text.
    enum Framing: Sendable, Equatable {
        /// Nothing.
        case body
        /// Time, and perhaps an id, as this scheme writes them.
        case scheme(SignatureScheme)
        /// No text was signed: the header is the secret.
        case token
    }

    /// The source to which the secret belongs.
    let source: String
    /// How that source is configured to sign.
    let configured: SignatureScheme
    let secret: Secret
    let key: KeyVariant
    let text: BodyVariant
    let framing: Framing
    /// The header's name as the request spells it.
    let header: String
    let algorithm: HashAlgorithm
    let form: PresentedCode.Form
    let prefix: String

    /// The scheme that would verify it.
    var scheme: SignatureScheme {
        switch framing {
        case .scheme(let scheme): return scheme
        case .token: return .token(TokenScheme(header: header))
        case .body: break
        }
        let form = HMACScheme(
            header: header, algorithm: algorithm, encoding: form == .hex ? .hex : .base64, prefix: prefix)
        if form.isSame(as: SignatureScheme.githubForm) { return .github }
        let isKeywordsai = SignatureScheme.keywordsaiHeaders.contains {
            form.isSame(as: HMACScheme(header: $0))
        }
        return isKeywordsai ? .keywordsai : .hmac(form)
    }

    /// The key that the scheme itself would make of the secret.
    var expectedKey: KeyVariant { scheme == .standardWebhooks ? .decoded : .literal }

    /// The scheme as the file writes it.
    static func written(_ scheme: SignatureScheme) -> String {
        switch scheme {
        case .hmac(let form):
            var parts = ["header: \(form.header)"]
            if form.algorithm != .sha256 { parts.append("algorithm: \(form.algorithm.rawValue)") }
            if form.encoding != .hex { parts.append("encoding: \(form.encoding.rawValue)") }
            if !form.prefix.isEmpty { parts.append("prefix: \(form.prefix)") }
            return "verify: {hmac: {\(parts.joined(separator: ", "))}}"
        case .token(let form) where !form.isBearer: return "verify: {token: {header: \(form.header)}}"
        default: return "verify: \(scheme.word)"
        }
    }

    /// The match for programs; holds no secret and no code.
    package var json: JSONValue {
        var object = JSONObject()
        object["source"] = .string(source)
        object["secret"] = .string(secret.label)
        object["secret_form"] = .string(key.rawValue)
        object["text"] = .string(framing == .token ? "none" : text.rawValue)
        object["scheme"] = .string(scheme.word)
        object["header"] = .string(header)
        object["algorithm"] = .string(framing == .token ? "none" : algorithm.rawValue)
        return .object(object)
    }
}

extension HMACScheme {
    /// Whether both read the same requests.
    func isSame(as other: HMACScheme) -> Bool {
        ASCIIText.isSame(header, other.header) && algorithm == other.algorithm && encoding == other.encoding
            && prefix == other.prefix
    }
}

extension SignatureScheme {
    /// Whether both read the same requests: names of headers are compared without case.
    func isSame(as other: SignatureScheme) -> Bool {
        switch (self, other) {
        case (.hmac(let lhs), .hmac(let rhs)): lhs.isSame(as: rhs)
        case (.token(let lhs), .token(let rhs)): ASCIIText.isSame(lhs.header, rhs.header)
        case (.hmac(let form), .github), (.github, .hmac(let form)): form.isSame(as: Self.githubForm)
        default: self == other
        }
    }
}
