/// Looks for the secret, the key made of it, the text and the scheme that a request's signature comes from: whatever is
/// nearest to what the configuration says first.
struct SignatureSearch {
    /// The search ends when this many bytes have been hashed, in bytes: a second or two of work.
    static let bytesHashedMax = 512 << 20

    let request: InboundRequest
    let codes: [PresentedCode]
    let texts: [(variant: BodyVariant, text: [UInt8])]
    /// What may stand before the body: nothing, and what each scheme that signs the time finds in the headers.
    let framings: [(framing: SignatureMatch.Framing, presented: PresentedSignatures)]
    private(set) var bytesHashed = 0

    /// Whether something was left untried because of its size.
    var isExhausted: Bool { bytesHashed >= Self.bytesHashedMax }

    init(_ request: InboundRequest) {
        self.request = request
        codes = PresentedCode.all(in: request.headers)
        texts = BodyVariant.all(of: request.body)
        let timed: [SignatureScheme] = [.standardWebhooks, .stripe, .slack]
        framings =
            [(.body, PresentedSignatures(headers: request.headers, scheme: .none))]
            + timed.map { (.scheme($0), PresentedSignatures(headers: request.headers, scheme: $0)) }
            .filter { $0.1.signedAt != nil }
    }

    /// A secret in one of its forms.
    private struct Key {
        let verifier: SignatureVerifier
        let secret: Secret
        let variant: KeyVariant
        let bytes: [UInt8]
        /// How far its source is from the one in question.
        let distance: Int
    }

    /// The nearest match.
    ///
    /// - Parameters:
    ///   - own: What decides at the path in question.
    ///   - others: The other sources, whose secrets are tried, too.
    mutating func nearest(own: SignatureVerifier, others: [SignatureVerifier]) -> SignatureMatch? {
        let keys = [own].flatMap { Self.keys(of: $0, distance: 0) } + others.flatMap { Self.keys(of: $0, distance: 1) }
        let farthest = 4
        for distance in 0...farthest {
            for key in keys {
                for (framing, presented) in framings {
                    for (variant, text) in texts {
                        let found = Self.distance(key, framing, variant)
                        guard found == distance, !isExhausted else { continue }
                        if let match = match(key, framing, presented, variant, text) { return match }
                    }
                }
            }
        }
        return token(keys)
    }

    private static func keys(of verifier: SignatureVerifier, distance: Int) -> [Key] {
        verifier.secrets.flatMap { secret in
            KeyVariant.allCases.compactMap { variant in
                variant.key(of: secret.bytes).map {
                    Key(verifier: verifier, secret: secret, variant: variant, bytes: $0, distance: distance)
                }
            }
        }
    }

    /// In how many ways an attempt departs from the configuration.
    private static func distance(_ key: Key, _ framing: SignatureMatch.Framing, _ variant: BodyVariant) -> Int {
        let scheme = key.verifier.scheme
        let isOwnFraming = framing == (scheme.toleranceSeconds == nil ? .body : .scheme(scheme))
        let expected: KeyVariant = framing == .scheme(.standardWebhooks) ? .decoded : .literal
        let isSigned = variant == .raw || (variant == .canonical && scheme.signsCanonicalText)
        return key.distance + (isOwnFraming ? 0 : 1) + (key.variant == expected ? 0 : 1) + (isSigned ? 0 : 1)
    }

    private mutating func match(
        _ key: Key, _ framing: SignatureMatch.Framing, _ presented: PresentedSignatures, _ variant: BodyVariant,
        _ text: [UInt8]
    ) -> SignatureMatch? {
        func found(_ header: String, _ algorithm: HashAlgorithm, _ form: PresentedCode.Form, _ prefix: String)
            -> SignatureMatch
        {
            SignatureMatch(
                source: key.verifier.source, configured: key.verifier.scheme, secret: key.secret, key: key.variant,
                text: variant, framing: framing,
                header: header, algorithm: algorithm, form: form, prefix: prefix)
        }
        let message = presented.preamble + text
        if key.variant == .literal, key.secret.bytes.starts(with: "whpk_".utf8) {
            guard let publicKey = Base64.decode(Array(key.secret.bytes.dropFirst(5))) else { return nil }
            bytesHashed += message.count * presented.signatures.count
            let isOurs = presented.signatures.contains {
                Ed25519.isValid($0, over: message, publicKey: publicKey)
            }
            return isOurs ? found("webhook-signature", .sha512, .base64, "") : nil
        }
        for algorithm in HashAlgorithm.allCases {
            let candidates = codes.filter { $0.algorithm == algorithm }
            guard !candidates.isEmpty else { continue }
            bytesHashed += message.count + 64
            let code = MessageCode.of(message, algorithm, key: key.bytes)
            if let match = candidates.first(where: { CryptoLibrary.areEqual($0.bytes, code) }) {
                return found(match.header, algorithm, match.form, match.prefix)
            }
        }
        return nil
    }

    /// A header that is a secret itself.
    private func token(_ keys: [Key]) -> SignatureMatch? {
        for field in request.headers.prefix(PresentedCode.fieldsMax) {
            let value = ASCIIText.trimmed(Substring(field.value).utf8)
            let behindWord = value.firstIndex(of: 0x20).map { Array(value[$0...].drop { $0 == 0x20 }) }
            for key in keys where ![KeyVariant.decoded, .hexDecoded, .lineEnded].contains(key.variant) {
                let given = [Array(value), behindWord ?? []].filter { !$0.isEmpty }.map { Hash.sha256($0) }
                let wanted = Hash.sha256(key.bytes)
                guard given.contains(where: { CryptoLibrary.areEqual($0, wanted) }) else { continue }
                return SignatureMatch(
                    source: key.verifier.source, configured: key.verifier.scheme, secret: key.secret, key: key.variant,
                    text: .raw, framing: .token,
                    header: field.name, algorithm: .sha256, form: .hex, prefix: "")
            }
        }
        return nil
    }
}
