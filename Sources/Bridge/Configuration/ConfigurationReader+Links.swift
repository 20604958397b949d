import Events
import Expressions
import Rendering
import Rules

/// `public_url` and `link_key`: the links of mails.
extension ConfigurationReader {
    private static let urlHint = "write `public_url: https://hookmail.example.com`, where the webhooks come in"
    /// The longest URL in bytes: with a token behind it a line of a header stays far below 998.
    static let publicURLBytesMax = 300
    /// The most keys of links.
    static let linkKeysMax = 8

    /// The base of links and what signs them; no base without `public_url`.
    ///
    /// - Parameter sources: those of the file: links must not take the place of one.
    func links(_ file: MappingReader, beside sources: [SourceConfiguration]) -> (base: String?, keys: [Secret]) {
        let keyEntry = file.entry("link_key")
        let keys = keyEntry.map { linkKeys($0.value) } ?? []
        guard let node = file.value("public_url") else {
            if let keyEntry {
                sink.warning(
                    at: keyEntry.keyRange, "'link_key' has no effect without 'public_url'", hint: Self.urlHint)
            }
            return (nil, [])
        }
        let base = publicURL(node)
        if let base {
            let path = LinkSigner.basePath(of: base) + LinkSigner.path
            for source in sources where source.path.utf8.starts(with: path.utf8) {
                sink.error(
                    at: node.range, "links would take the place of the source '\(source.name)' at \(source.path)",
                    hint: "give the source a path that does not begin with \(path)")
            }
        }
        return (base, keys)
    }

    private func linkKeys(_ node: YAMLNode) -> [Secret] {
        values.items(node, "'link_key'", countMax: Self.linkKeysMax).compactMap {
            secret($0, "'link_key'", bytesWanted: Self.secretBytesWanted)
        }
    }

    private func publicURL(_ node: YAMLNode) -> String? {
        guard let text = values.text(node, "'public_url'", bytesMax: Self.publicURLBytesMax) else { return nil }
        let isSafe = text.utf8.starts(with: "https://".utf8)
        guard isSafe || text.utf8.starts(with: "http://".utf8) else {
            sink.error(at: node.range, "'public_url' must begin with https://", hint: Self.urlHint)
            return nil
        }
        let rest = text.dropFirst(isSafe ? 8 : 7)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard let (host, _) = Self.hostAndPort(String(authority)), Self.isPath(path) else {
            sink.error(
                at: node.range, "'public_url' is no address of a web server",
                hint: Self.urlHint + "; a path may stand behind it, and no user, query or fragment")
            return nil
        }
        if !isSafe, !LoopbackHost.contains(host) {
            sink.warning(
                at: node.range, "everybody on the way can read and follow links with http://",
                hint: "write https://; mails have no List-Unsubscribe without it (RFC 8058)")
        }
        return path.last == "/" ? String(text.dropLast()) : text
    }

    /// Whether a path can stand in a URL and in a header field as it is.
    private static func isPath(_ text: Substring) -> Bool {
        !text.contains("//")
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "/-._~%".utf8.contains(byte)
            }
    }
}
