/// A key that a sender may have made of a secret instead of the one that its scheme makes.
package enum KeyVariant: String, Sendable, CaseIterable {
    /// The secret's bytes.
    case literal
    /// What base64 behind `whsec_` stands for: the key of Standard Webhooks.
    case decoded = "base64_decoded"
    /// Without the white space around it.
    case trimmed
    /// With a line end behind it.
    case lineEnded = "line_ended"
    /// Without the quotation marks around it.
    case unquoted
    /// Without `whsec_`, as text.
    case withoutPrefix = "without_prefix"
    /// What its hexadecimal digits stand for.
    case hexDecoded = "hex_decoded"

    /// The key that a secret is in this way, or `nil` when it is none.
    func key(of secret: [UInt8]) -> [UInt8]? {
        let trimmed = Self.trimmed(secret)
        let isPrefixed = trimmed.starts(with: "whsec_".utf8)
        let bare = isPrefixed ? Array(trimmed.dropFirst(6)) : trimmed
        switch self {
        case .literal: return secret
        case .trimmed: return trimmed == secret ? nil : trimmed
        case .lineEnded: return secret.last == 0x0A ? nil : secret + [0x0A]
        case .unquoted:
            guard let first = trimmed.first, trimmed.count > 2, first == trimmed.last, "\"'".utf8.contains(first)
            else { return nil }
            return Array(trimmed.dropFirst().dropLast())
        case .withoutPrefix: return isPrefixed ? bare : nil
        case .decoded:
            guard let key = Base64.decode(PresentedCode.tidied(bare)), !key.isEmpty else { return nil }
            return key
        case .hexDecoded:
            guard let key = Hex.decode(bare), !key.isEmpty else { return nil }
            return key
        }
    }

    private static func trimmed(_ secret: [UInt8]) -> [UInt8] {
        let end = secret.lastIndex { !$0.isJSONSpace }.map { $0 + 1 } ?? 0
        return Array(secret[..<end].drop(while: \.isJSONSpace))
    }

    /// What is wrong, where a scheme makes another key of the secret with this label.
    func finding(_ label: String, inScheme scheme: SignatureScheme) -> String {
        switch self {
        case .literal: "the sender takes the text of \(label) as the key, as it stands, instead of decoding its base64"
        case .decoded: "the sender decodes \(label) from base64 before it signs"
        case .trimmed: "\(label) has white space around it that the sender's secret has not"
        case .lineEnded: "the sender's secret ends with a line end that \(label) has not"
        case .unquoted: "\(label) stands in quotation marks, which the sender's secret does not"
        case .withoutPrefix: "the sender signs with \(label) without its `whsec_`"
        case .hexDecoded: "the sender reads \(label) as hexadecimal digits"
        }
    }

    /// What to do about it.
    var remedy: String {
        switch self {
        case .literal:
            "Standard Webhooks decodes what stands behind `whsec_`; the sender must, too. Or it sends another scheme."
        case .decoded:
            "If the sender follows Standard Webhooks, write `verify: standard-webhooks`. Else put the decoded bytes "
                + "into a file (`base64 -d`) and name it with `{file: …}`."
        case .trimmed:
            "Remove the space or line end where the secret is kept. Files may end with one line end, no more."
        case .lineEnded: "Cut the line end where the sender keeps its secret; it probably reads it from a file."
        case .unquoted: "Remove the quotation marks where the secret is kept: env files of Docker keep them."
        case .withoutPrefix: "Keep the secret without `whsec_` here."
        case .hexDecoded:
            "Put the decoded bytes into a file (`xxd -r -p`) and name it with `{file: …}`, or let the sender sign "
                + "with the text."
        }
    }
}
