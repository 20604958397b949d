/// A secret as its scheme uses it.
struct SigningKey: Sendable {
    /// What a scheme computes with.
    enum Material: Sendable {
        /// The key of an HMAC, or a token.
        case shared([UInt8])
        /// A public key of Ed25519.
        case ed25519([UInt8])
    }

    let secret: Secret
    let material: Material
    /// The key of the scheme's HMAC, where it has one.
    let codeKey: MessageCodeKey?

    /// Whether it checks signatures instead of computing codes.
    var isPublic: Bool { if case .ed25519 = material { true } else { false } }

    /// Throws when the secret has not the shape that the scheme's secrets have.
    init(_ secret: Secret, for scheme: SignatureScheme) throws(SecretFault) {
        self.secret = secret
        if let fault = SecretFault.foreignToken(secret.bytes, scheme) { throw fault }
        switch scheme {
        case .standardWebhooks: material = try Self.standardWebhooks(secret.bytes)
        case .token:
            guard ASCIIText.isVisible(secret.bytes) else { throw .unfitToken }
            material = .shared(secret.bytes)
        default: material = .shared(secret.bytes)
        }
        codeKey = if case .shared(let bytes) = material { MessageCodeKey(scheme.algorithm, bytes) } else { nil }
    }

    /// The fewest and the most bytes of a Standard Webhooks key (specification 1.0.0, "Signature scheme").
    static let standardWebhooksKeyBytes = 24...64

    /// `whsec_` and base64 of 24 to 64 bytes, as some senders show it also without `whsec_`; or `whpk_` and base64 of a
    /// public key.
    private static func standardWebhooks(_ text: [UInt8]) throws(SecretFault) -> Material {
        if text.starts(with: "whsk_".utf8) { throw .privateKey }
        if text.starts(with: "whpk_".utf8) {
            guard let key = Base64.decode(Array(text.dropFirst(5))), key.count == Ed25519.keyBytes else {
                throw .unfitPublicKey
            }
            return .ed25519(key)
        }
        let encoded = text.starts(with: "whsec_".utf8) ? Array(text.dropFirst(6)) : text
        guard let key = Base64.decode(encoded), standardWebhooksKeyBytes.contains(key.count) else {
            throw .unfitStandardWebhooksKey
        }
        return .shared(key)
    }
}

/// Why a secret cannot be one of a scheme. No word of it tells anything of the secret.
package struct SecretFault: Error, Sendable, Equatable {
    /// What is wrong, as the end of a sentence that begins with the secret.
    package let message: String
    /// What to do about it.
    package let hint: String

    static let unfitStandardWebhooksKey = SecretFault(
        message: "is no key of Standard Webhooks: `whsec_` and then base64 of 24 to 64 bytes",
        hint: "copy it whole from the sender, with `whsec_` and the `=` at its end if there is one")
    static let unfitPublicKey = SecretFault(
        message: "is no key that checks Standard Webhooks: `whpk_` and then base64 of 32 bytes",
        hint: "copy it whole from the sender, with `whpk_` and the `=` at its end")
    static let privateKey = SecretFault(
        message: "is the private key that the sender signs with",
        hint: "take it off this machine; verifying needs the other half of the pair, `whpk_…`")
    static let unfitToken = SecretFault(
        message: "holds a space or a character that no header carries, so no request can ever match",
        hint: "use letters, digits and signs; `openssl rand -hex 32` makes a good one")

    /// Tokens for the API of a sender that people take for its signing secret, by what they begin with.
    static func foreignToken(_ secret: [UInt8], _ scheme: SignatureScheme) -> SecretFault? {
        let (prefixes, hint): ([String], String) =
            switch scheme {
            case .stripe:
                (
                    ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_"],
                    "take the signing secret of the webhook's endpoint, `whsec_…`, from Stripe's dashboard"
                )
            case .slack:
                (
                    ["xoxb-", "xoxp-", "xapp-", "xoxe-"],
                    "take the Signing Secret under Basic Information of the Slack app"
                )
            case .github:
                (
                    ["ghp_", "gho_", "ghs_", "ghu_", "github_pat_"],
                    "take the secret that was typed into the webhook's own settings"
                )
            default: ([], "")
            }
        guard prefixes.contains(where: { secret.starts(with: $0.utf8) }) else { return nil }
        return SecretFault(message: "is a key for the sender's API, not the one that signs webhooks", hint: hint)
    }
}

extension SignatureScheme {
    /// What is wrong with a secret for this scheme, or `nil`.
    package func fault(of secret: Secret) -> SecretFault? {
        do throws(SecretFault) {
            _ = try SigningKey(secret, for: self)
            return nil
        } catch {
            return error
        }
    }

    /// What is unusual about a secret for this scheme, though it may be right: the end of a sentence, and what to do.
    package func doubt(of secret: Secret) -> SecretFault? {
        let bytes = secret.bytes
        if let first = bytes.first, let last = bytes.last, first.isJSONSpace || last.isJSONSpace {
            return SecretFault(
                message: "begins or ends with white space", hint: "a signing secret hardly does; remove it at its place"
            )
        }
        if self == .stripe, !bytes.starts(with: "whsec_".utf8) {
            return SecretFault(
                message: "does not begin with `whsec_`",
                hint: "Stripe's signing secrets do; take it from the webhook's endpoint in the dashboard")
        }
        if self == .slack, bytes.count != 32 || Hex.decode(bytes) == nil {
            return SecretFault(
                message: "is not 32 hexadecimal digits",
                hint: "Slack's signing secrets are; take it from Basic Information of the app")
        }
        return nil
    }
}
