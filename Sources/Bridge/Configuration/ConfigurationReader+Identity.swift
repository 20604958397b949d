import Events
import Expressions
import Mail
import Rendering
import Rules

/// `sender`, `reply_to`, `addressed_to` and `dkim` of `mail`: in whose name mails are.
extension ConfigurationReader {
    /// What the keys say.
    struct Identity {
        var sender: Mailbox?
        var replyTo: Mailbox?
        var showsAllRecipients = false
        var dkim: [DKIMKey] = []
    }

    /// The values of `addressed_to`.
    static let addressings = ["each", "all"]
    /// The most keys that sign: verifiers need not look at more than a few (RFC 6376 §6.1).
    static let dkimKeysMax = 4
    private static let dkimHint = "write `dkim: {selector: hookmail, key: {file: ./dkim.pem}}`"

    /// Reads the keys beside `from`.
    func identity(_ mail: MappingReader, from: Mailbox?) -> Identity {
        var identity = Identity()
        identity.sender = mail.value("sender").flatMap { mailbox($0, "'sender'") }
        identity.replyTo = mail.value("reply_to").flatMap { mailbox($0, "'reply_to'") }
        let addressing = mail.value("addressed_to").flatMap {
            values.choice($0, "'addressed_to'", of: Self.addressings)
        }
        identity.showsAllRecipients = addressing == "all"
        guard let node = mail.value("dkim") else { return identity }
        for item in values.items(node, "'dkim'", countMax: Self.dkimKeysMax) {
            guard let key = dkimKey(item, from: from) else { continue }
            if identity.dkim.contains(where: { $0.domain == key.domain && $0.selector == key.selector }) {
                sink.error(
                    at: item.range, "two keys have the selector '\(key.selector)' of \(key.domain)",
                    hint: "a selector names one record of DNS: give this key another one")
            }
            identity.dkim.append(key)
        }
        return identity
    }

    private func dkimKey(_ node: YAMLNode, from: Mailbox?) -> DKIMKey? {
        guard let reader = MappingReader(node, subject: "'dkim'", sink: sink) else { return nil }
        defer { reader.finish() }
        let domainNode = reader.value("domain")
        let domain = domainNode.map { domainName($0, "'domain'") } ?? from?.address.domain
        if let domainNode, let domain, let from { warn(of: domain, at: domainNode, beside: from.address.domain) }
        let selector = reader.required("selector", hint: Self.dkimHint).flatMap { domainName($0, "'selector'") }
        guard let keyNode = reader.required("key", hint: Self.dkimHint), let key = secret(keyNode, "the key of 'dkim'")
        else { return nil }
        guard key.revealedBytes != Array(Configuration.missingSecret.utf8) else {
            return selector.flatMap { selector in
                domain.map { DKIMKey(domain: $0, selector: selector, key: key) }
            }
        }
        guard isUsable(key, at: keyNode), let domain, let selector else { return nil }
        return DKIMKey(domain: domain, selector: selector, key: key)
    }

    private func domainName(_ node: YAMLNode, _ name: String) -> String? {
        guard let text = values.text(node, name, bytesMax: 253) else { return nil }
        guard Address.isDomain(text) || name == "'selector'" && Address.isDomain(text + ".x") else {
            sink.error(
                at: node.range, "\(name) is no name of DNS", hint: "letters, digits and hyphens, with dots between")
            return nil
        }
        return text.lowercased()
    }

    /// DMARC (RFC 7489 §3.1.1) wants the signature's domain to be that of `From`, or one above it.
    private func warn(of domain: String, at node: YAMLNode, beside sender: String) {
        guard sender != domain, !sender.hasSuffix("." + domain), !domain.hasSuffix("." + sender) else { return }
        sink.warning(
            at: node.range, "the domain is not that of 'from' (\(sender)), so the signature does not speak for it",
            hint: "remove 'domain', or write \(sender)")
    }

    private func isUsable(_ secret: Secret, at node: YAMLNode) -> Bool {
        let key: PrivateKey
        do throws(PrivateKeyFault) {
            key = try PrivateKey(pem: secret.revealedBytes)
        } catch {
            sink.error(at: node.range, "the key from \(secret.label) \(error.message)", hint: error.hint)
            return false
        }
        guard key.algorithm == .rsa else { return true }
        guard key.bits >= DKIMSigner.rsaBitsMin else {
            sink.error(
                at: node.range,
                "the key from \(secret.label) has \(key.bits) bits; none below \(DKIMSigner.rsaBitsMin) is believed",
                hint: PrivateKeyFault.unreadable.hint)
            return false
        }
        if key.bits < DKIMSigner.rsaBitsWanted {
            sink.warning(
                at: node.range,
                "the key from \(secret.label) has \(key.bits) bits; \(DKIMSigner.rsaBitsWanted) are usual",
                hint: PrivateKeyFault.unreadable.hint)
        }
        return true
    }
}
