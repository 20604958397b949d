import Events

/// The TXT record of DNS by which everybody finds the public half of a key that signs mails (RFC 6376 §3.6).
package struct DKIMRecord: Sendable, Equatable {
    /// Where it stands, without a dot at its end: `SELECTOR._domainkey.DOMAIN`.
    package let name: String
    /// `v=DKIM1; k=…; p=…`: the version, `rsa` or `ed25519` (RFC 8463 §4), and the public key in Base64.
    package let text: String

    /// The longest string that a TXT record holds, in bytes (RFC 1035 §3.3.14); verifiers put several together without
    /// anything between them (RFC 6376 §3.6.2.2).
    package static let stringBytesMax = 255

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The text in pieces that DNS takes.
    package var strings: [String] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: Self.stringBytesMax).map { start in
            String(decoding: bytes[start..<min(start + Self.stringBytesMax, bytes.count)], as: UTF8.self)
        }
    }

    /// As the zone files of name servers have it (RFC 1035 §5.1): one entry, in lines where it has several strings.
    package var zoneEntry: String {
        let quoted = strings.map { "\"\($0)\"" }
        guard quoted.count > 1 else { return "\(name). IN TXT \(quoted.joined())" }
        return "\(name). IN TXT (\n    " + quoted.joined(separator: "\n    ") + " )"
    }
}

extension DKIMSigner {
    /// The record that publishes the key.
    package var record: DKIMRecord {
        DKIMRecord(
            name: "\(selector)._domainkey.\(domain)",
            text: "v=DKIM1; k=\(key.algorithm.rawValue); p=\(Base64.encode(key.publicKey))")
    }

    /// Which kind of key it is: `rsa` or `ed25519`.
    package var algorithmName: String { key.algorithm.rawValue }
}
