import Events
import Expressions
import Rules

/// `{env: NAME}` and `{file: PATH}`: the only ways to give a secret. No message ever holds a part of one.
extension ConfigurationReader {
    /// Secrets shorter than this are warned about (Standard Webhooks 1.0.0 asks for 24 to 64 bytes).
    static let secretBytesWanted = 24
    /// The longest secret in bytes.
    private static let secretBytesMax = 4_096

    private static let secretHint = "write `{env: NAME}` or `{file: ./PATH}`"

    /// What was found where a reference points.
    private typealias Found = (bytes: [UInt8], label: String, place: SourceRange)

    /// Reads where a source's secret is, perhaps with `until: DATE`, and the secret, which must have the shape that the
    /// scheme's secrets have.
    func sourceSecret(_ node: YAMLNode, for scheme: SignatureScheme?) -> Secret? {
        var until: Timestamp?
        let found = reference(node, "the secret", bytesWanted: Self.secretBytesWanted) { reader in
            until = reader.value("until").flatMap(endOfDay)
        }
        guard let found else { return nil }
        let secret = Secret(found.bytes, label: found.label, until: until)
        guard let scheme, found.bytes != Array(Configuration.missingSecret.utf8) else { return secret }
        if let fault = scheme.fault(of: secret) {
            sink.error(at: found.place, "the secret from \(found.label) \(fault.message)", hint: fault.hint)
            return nil
        }
        if let doubt = scheme.doubt(of: secret) {
            sink.warning(at: found.place, "the secret from \(found.label) \(doubt.message)", hint: doubt.hint)
        }
        return secret
    }

    /// Reads where a password or token is, and what it is.
    ///
    /// - Parameters:
    ///   - name: What it is, for messages.
    ///   - bytesWanted: Shorter ones are warned about.
    func secret(_ node: YAMLNode, _ name: String, bytesWanted: Int = 0) -> Secret? {
        reference(node, name, bytesWanted: bytesWanted) { _ in }.map { Secret($0.bytes, label: $0.label) }
    }

    private func reference(
        _ node: YAMLNode, _ name: String, bytesWanted: Int, more: (MappingReader) -> Void
    ) -> Found? {
        if case .reported = node.content { return nil }
        if case .scalar = node.content {
            guard !node.isNull else {
                sink.error(at: node.range, "\(name) is empty", hint: Self.secretHint)
                return nil
            }
            sink.error(
                at: node.range, "\(name) stands in the file as text; secrets are kept apart from the configuration",
                hint: Self.secretHint, hidingLine: true
            )
            return nil
        }
        guard let reader = MappingReader(node, subject: "a secret", sink: sink) else { return nil }
        let variable = reader.value("env")
        let file = reader.value("file")
        more(reader)
        reader.finish()
        let found: Found? =
            switch (variable, file) {
            case (let variable?, nil): self.variable(variable, name)
            case (nil, let file?): content(ofFile: file, name)
            case (.some, let file?): report(file, "\(name) names both a variable and a file", hint: "keep one")
            case (nil, nil): report(node, "\(name) names neither a variable nor a file", hint: Self.secretHint)
            }
        guard let found else { return nil }
        guard found.bytes.count <= Self.secretBytesMax else {
            return report(node, "\(name) from \(found.label) is longer than \(Self.secretBytesMax) bytes", hint: nil)
        }
        if found.bytes.count < bytesWanted {
            sink.warning(
                at: found.place, "\(name) from \(found.label) is shorter than \(bytesWanted) bytes",
                hint: "a short secret can be guessed; `openssl rand -hex 32` makes a good one"
            )
        }
        return found
    }

    private func report<Value>(_ node: YAMLNode, _ message: String, hint: String?) -> Value? {
        sink.error(at: node.range, message, hint: hint)
        return nil
    }

    /// A secret in the place of the name of where it is: no message shows it.
    private func reportSecret(_ node: YAMLNode, _ name: String, behind key: String) -> Found? {
        sink.error(
            at: node.range, "\(name) itself seems to stand behind '\(key)', where the name of its place belongs",
            hint: Self.secretHint, hidingLine: true)
        return nil
    }

    /// Whether a text has the form of keys and tokens: a prefix that senders give them, or digits mixed into a long row
    /// of letters, which names part with underscores.
    private static func looksLikeSecret(_ text: String) -> Bool {
        let prefixes = ["whsec_", "whpk_", "whsk_", "sk-", "sk_", "rk_", "xoxb-", "xoxp-", "ghp_", "github_pat_"]
        if prefixes.contains(where: text.hasPrefix) { return true }
        let runsOfDigits = text.utf8.split(omittingEmptySubsequences: true) { !(0x30...0x39).contains($0) }
        return text.utf8.count >= 20 && runsOfDigits.count >= 3 && !text.contains("_")
    }

    private func variable(_ node: YAMLNode, _ name: String) -> Found? {
        guard let variable = values.text(node, "'env'", bytesMax: 200) else { return nil }
        guard !Self.looksLikeSecret(variable) else { return reportSecret(node, name, behind: "env") }
        let isName = variable.utf8.allSatisfy { byte in
            byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard isName, !(0x30...0x39).contains(variable.utf8.first ?? 0x30) else {
            return report(node, "'env' is no name of a variable", hint: "write `{env: KEYWORDSAI_WEBHOOK_SECRET}`")
        }
        guard let value = environment(variable) else {
            return report(
                node, "the environment variable \(variable) is not set",
                hint: "set it where hookmail runs, as by `export \(variable)=…`, or name a file: `{file: ./PATH}`"
            )
        }
        guard !value.isEmpty else { return report(node, "the environment variable \(variable) is empty", hint: nil) }
        return (Array(value.utf8), "env \(variable)", node.range)
    }

    private func content(ofFile node: YAMLNode, _ name: String) -> Found? {
        guard let written = values.text(node, "'file'", bytesMax: 4_096) else { return nil }
        let path = resolved(written)
        switch files(path) {
        case .failure(let fault):
            guard written.contains(".") || !Self.looksLikeSecret(written) else {
                return reportSecret(node, name, behind: "file")
            }
            return report(
                node, "the file \(path) \(fault.words)",
                hint: fault == .notFound ? "write the secret into it, readable by this user alone (mode 0600)" : nil
            )
        case .success(let content):
            var bytes = content.bytes
            if bytes.last == 0x0A { bytes.removeLast() }
            if bytes.last == 0x0D { bytes.removeLast() }
            guard !bytes.isEmpty else { return report(node, "the file \(path) is empty", hint: nil) }
            if content.isWorldReadable {
                sink.warning(
                    at: node.range, "every user of this machine can read \(path)", hint: "run `chmod 600 \(path)`"
                )
            }
            return (bytes, "file \(written)", node.range)
        }
    }

    /// The last moment of a day such as `2026-12-31`, in UTC.
    private func endOfDay(_ node: YAMLNode) -> Timestamp? {
        guard let scalar = values.scalar(node, "'until'") else { return nil }
        let parts = scalar.text.split(separator: "-", omittingEmptySubsequences: false)
        let isDate =
            parts.map(\.utf8.count) == [4, 2, 2]
            && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isDate, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            let end = Timestamp.endOfDay(utcYear: year, month: month, day: day)
        else {
            return report(node, "'until' is no day: '\(scalar.text)'", hint: "write it as 2026-12-31")
        }
        return end
    }
}
