import Events
import Expressions
import Rules

/// `verify`: how a source signs, as one word or as a mapping where a header has to be named.
extension ConfigurationReader {
    /// The schemes that one word names.
    private static let schemes: [String: SignatureScheme] = [
        "keywordsai": .keywordsai, "standard-webhooks": .standardWebhooks, "github": .github, "stripe": .stripe,
        "slack": .slack, "token": .token(TokenScheme()), "none": .none,
    ]

    /// The words that may stand for `verify`, in the order in which they are told.
    static let schemeWords = [
        "keywordsai", "standard-webhooks", "github", "stripe", "slack", "hmac", "token", "none",
    ]

    /// Names under which people look for a scheme, and what to write instead.
    private static let otherWords = [
        "respan": "`verify: keywordsai` takes Respan's too",
        "svix": "`verify: standard-webhooks` takes Svix's headers too",
        "standardwebhooks": "write `verify: standard-webhooks`",
        "gitlab": "write `verify: {token: {header: X-Gitlab-Token}}`",
        "bearer": "write `verify: token`: it reads `Authorization: Bearer …`",
    ]

    /// Reads the scheme of a source.
    func scheme(_ node: YAMLNode) -> SignatureScheme? {
        if case .mapping = node.content { return schemeWithHeader(node) }
        guard let scalar = values.scalar(node, "'verify'") else { return nil }
        let word = scalar.text
        if let scheme = Self.schemes[word] { return scheme }
        if word == "hmac" {
            sink.error(
                at: node.range, "'verify: hmac' does not say which header holds the signature",
                hint: "write `verify: {hmac: {header: X-Signature}}`"
            )
        } else {
            let nearest = Suggestion.nearest(to: word, among: Self.schemeWords).map { "did you mean '\($0)'?" }
            sink.error(
                at: node.range, "there is no scheme '\(word)'",
                hint: Self.otherWords[word] ?? nearest ?? "it is one of \(MappingReader.list(Self.schemeWords))"
            )
        }
        return nil
    }

    private func schemeWithHeader(_ node: YAMLNode) -> SignatureScheme? {
        guard let outer = MappingReader(node, subject: "'verify'", sink: sink) else { return nil }
        let hmac = outer.value("hmac")
        let token = outer.value("token")
        if let entry = outer.all.first(where: { Self.schemes[$0.key] != nil && $0.key != "token" }) {
            sink.error(
                at: entry.keyRange, "the scheme '\(entry.key)' has nothing to set",
                hint: "write `verify: \(entry.key)`")
            return nil
        }
        outer.finish()
        switch (hmac, token) {
        case (let hmac?, nil): return hmacScheme(hmac)
        case (nil, let token?): return tokenScheme(token)
        case (.some, .some):
            sink.error(at: node.range, "'verify' names two schemes", hint: "keep one")
        case (nil, nil):
            if outer.all.isEmpty {
                sink.error(at: node.range, "'verify' is empty", hint: "write `verify: {hmac: {header: X-Signature}}`")
            }
        }
        return nil
    }

    private func hmacScheme(_ node: YAMLNode) -> SignatureScheme? {
        guard let reader = MappingReader(node, subject: "'hmac'", sink: sink) else { return nil }
        let header = header(reader, hint: "write `header: X-Signature`", example: "X-Signature-256")
        let algorithm = reader.value("algorithm").map {
            values.choice($0, "'algorithm'", of: ["sha1", "sha256", "sha512"])
        }
        let encoding = reader.value("encoding").map { values.choice($0, "'encoding'", of: ["hex", "base64"]) }
        let prefixNode = reader.value("prefix")
        let prefix = prefixNode.map { values.text($0, "'prefix'", bytesMax: 100) }
        if let prefixNode, prefix??.utf8.contains(UInt8(ascii: ",")) == true {
            sink.error(at: prefixNode.range, "'prefix' cannot hold a comma: commas part several signatures")
        }
        reader.finish()
        guard let header else { return nil }
        return .hmac(
            HMACScheme(
                header: header,
                algorithm: algorithm == "sha1" ? .sha1 : algorithm == "sha512" ? .sha512 : .sha256,
                encoding: encoding == "base64" ? .base64 : .hex, prefix: (prefix ?? "") ?? ""
            )
        )
    }

    private func tokenScheme(_ node: YAMLNode) -> SignatureScheme? {
        guard let reader = MappingReader(node, subject: "'token'", sink: sink) else { return nil }
        let header = header(
            reader, hint: "write `header: X-Token`, or `verify: token` for `Authorization: Bearer …`",
            example: "X-Gitlab-Token")
        reader.finish()
        return header.map { .token(TokenScheme(header: $0)) }
    }

    /// The name of the header that a scheme reads.
    private func header(_ reader: MappingReader, hint: String, example: String) -> String? {
        guard let node = reader.required("header", hint: hint),
            let header = values.text(node, "'header'", bytesMax: 100)
        else { return nil }
        guard header.utf8.allSatisfy(Self.isHeaderByte) else {
            sink.error(at: node.range, "'header' is no name of a header field", hint: "as in `\(example)`")
            return nil
        }
        return header
    }

    /// The characters of a token (RFC 9110 §5.6.2).
    private static func isHeaderByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
        }
    }
}
