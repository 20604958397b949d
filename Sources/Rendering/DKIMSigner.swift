package import Events
import Mail

/// Signs finished messages in the name of a domain (DKIM: RFC 6376, and RFC 8463 for Ed25519).
package struct DKIMSigner: Sendable {
    /// The domain that answers for the mail (`d=`).
    package let domain: String
    /// Under which name of the domain its public key stands (`s=`).
    package let selector: String
    /// What signs.
    let key: PrivateKey

    /// The shortest RSA key that verifiers take (RFC 8301 §3.2), in bits.
    package static let rsaBitsMin = 1_024
    /// Shorter RSA keys are warned about (RFC 8301 §3.2), in bits.
    package static let rsaBitsWanted = 2_048

    package init(domain: String, selector: String, key: PrivateKey) {
        self.domain = domain
        self.selector = selector
        self.key = key
    }

    /// What is signed wherever the message has it. RFC 8058 §4 asks for the two fields about unsubscribing.
    private static let signed: Set<String> = [
        "from", "sender", "reply-to", "to", "subject", "date", "message-id", "in-reply-to", "references", "list-id",
        "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version", "content-type",
    ]

    /// What is named once more than the message has it, so that nobody can add one on the way (RFC 6376 §8.15).
    private static let sealed = [
        "from", "reply-to", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type",
    ]

    /// What is sealed likewise where the message has it: a second one above ours would be what a mail program follows.
    /// Where it has none a mailing list may add its own.
    private static let sealedWhereThere: Set<String> = ["list-unsubscribe", "list-unsubscribe-post"]

    /// The longest line of the field, in bytes.
    private static let lineBytesMax = 76

    /// The `DKIM-Signature` field of a message, with its line end; `nil` when OpenSSL had no memory.
    ///
    /// - Parameter now: When it is signed, for `t=`.
    package func field(for message: [UInt8], now: Timestamp) -> [UInt8]? {
        let (fields, body) = RelaxedForm.parts(of: message)
        let chosen = fields.filter { Self.signed.contains($0.name.lowercased()) }
        let signed = chosen.map { $0.name.lowercased() }
        let names = signed + Self.sealed + Set(signed).intersection(Self.sealedWhereThere).sorted()
        let tags = [
            "v=1", "a=\(key.algorithm.rawValue)-sha256", "c=relaxed/relaxed", "d=\(domain)", "s=\(selector)",
            "t=\(max(0, now.wholeSeconds))", "h=\(Self.folded(names.joined(separator: ":"), after: ":"))",
            "bh=\(Base64.encode(Hash.sha256(body)))", "b=",
        ]
        let unsigned = Self.lines(tags)
        let own = RelaxedForm.field(name: "DKIM-Signature", value: Array(unsigned.utf8))
        let data = chosen.flatMap { $0.bytes + [0x0D, 0x0A] } + own.bytes
        let signature =
            switch key.algorithm {
            case .rsa: key.signature(over: data)
            case .ed25519: key.signature(over: Hash.sha256(data))
            }
        guard !signature.isEmpty else { return nil }
        let field = "DKIM-Signature: \(unsigned)\(Self.folded(Base64.encode(signature), after: ""))"
        return Array(field.utf8) + [0x0D, 0x0A]
    }

    /// The tags with a line end before those that would be too long behind another, and before the last.
    private static func lines(_ tags: [String]) -> String {
        var text = ""
        var column = "DKIM-Signature: ".utf8.count
        for (index, tag) in tags.enumerated() {
            let tag = tag + (index == tags.count - 1 ? "" : ";")
            let first = tag.utf8.prefix { $0 != 0x0D }.count
            if index > 0 {
                let isNewLine = column + 1 + first > lineBytesMax || index == tags.count - 1
                text += isNewLine ? "\r\n " : " "
                column = isNewLine ? 1 : column + 1
            }
            text += tag
            column = tag.utf8.count == first ? column + first : lineBytesMax
        }
        return text
    }

    /// A long value in lines; `separator` ends its parts, or nothing where it may be broken anywhere.
    private static func folded(_ value: String, after separator: String) -> String {
        let width = lineBytesMax - 4
        var lines: [String] = [""]
        let parts =
            separator.isEmpty
            ? value.map(String.init)
            : value.split(separator: separator).map { String($0) + separator }
        for part in parts {
            if lines[lines.count - 1].utf8.count + part.utf8.count > width { lines.append("") }
            lines[lines.count - 1] += part
        }
        if !separator.isEmpty { lines[lines.count - 1].removeLast() }
        return lines.joined(separator: "\r\n ")
    }
}

extension DKIMSigner: Equatable {
    /// Two signers are the same when nobody could tell their signatures apart.
    package static func == (lhs: DKIMSigner, rhs: DKIMSigner) -> Bool {
        lhs.domain == rhs.domain && lhs.selector == rhs.selector && lhs.key.publicKey == rhs.key.publicKey
    }
}
