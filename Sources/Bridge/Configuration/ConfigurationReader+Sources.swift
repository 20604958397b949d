import Events
import Expressions
import Rules

/// `sources`: who may send, and how it is known.
extension ConfigurationReader {
    /// The most sources of a file.
    static let sourcesMax = 100
    /// The most secrets of a source.
    static let secretsMax = 16
    /// The longest path of a source in bytes.
    static let sourcePathBytesMax = 200
    /// The longest name of a source in bytes.
    static let sourceNameBytesMax = 64

    /// Keys of a source that later versions bring.
    private static let laterSourceKeys = ["oauth2", "at_most", "tolerance"]
    /// Paths that the webhook listener keeps for itself.
    private static let reservedPaths = ["/healthz", "/readyz", "/metrics", "/m"]

    /// Reads `sources:`, which must name at least one.
    func sources(_ file: MappingReader, _ surroundings: SourceSurroundings) -> [SourceConfiguration] {
        let hint = "write `sources: {production: {path: /api/webhook/, verify: keywordsai, secrets: [{env: NAME}]}}`"
        guard let node = file.required("sources", hint: hint),
            let all = MappingReader(node, subject: "'sources'", sink: sink)
        else { return [] }
        if all.all.isEmpty { sink.error(at: node.range, "'sources' names no source", hint: hint) }
        if all.all.count > Self.sourcesMax { sink.error(at: node.range, "more than \(Self.sourcesMax) sources") }
        var sources: [SourceConfiguration] = []
        var lines: [String: Int] = [:]
        for entry in all.all.prefix(Self.sourcesMax) {
            guard let source = source(entry, surroundings, lines: &lines) else { continue }
            sources.append(source)
        }
        return sources
    }

    /// - Parameter lines: For every path so far the line it stands in.
    private func source(
        _ entry: YAMLEntry, _ surroundings: SourceSurroundings, lines: inout [String: Int]
    ) -> SourceConfiguration? {
        if !Self.isName(entry.key) {
            sink.error(
                at: entry.keyRange, "'\(entry.key)' cannot name a source",
                hint: "use up to \(Self.sourceNameBytesMax) letters, digits, '-', '_' and '.'"
            )
        }
        guard !entry.value.isNull else {
            sink.error(
                at: entry.keyRange, "the source '\(entry.key)' is empty", hint: "it needs path, verify and secrets")
            return nil
        }
        guard let reader = MappingReader(entry.value, subject: "a source", sink: sink) else { return nil }
        reader.refuse(Self.laterSourceKeys)
        let pathNode = reader.required("path", hint: "write the path of the webhook's URL, as in `path: /api/webhook/`")
        let path = pathNode.flatMap(path)
        if let pathNode, let path, let line = lines.updateValue(pathNode.range.position.line, forKey: path) {
            sink.error(
                at: pathNode.range, "two sources have the path '\(path)'", hint: "the first one is in line \(line)"
            )
        }
        let scheme = reader.required("verify", hint: "write `verify: keywordsai`").flatMap(scheme)
        let secrets = secrets(reader, scheme)
        let allowed = allowed(reader, scheme, surroundings)
        reader.finish()
        guard let path, let scheme, let secrets, let allowed else { return nil }
        return SourceConfiguration(name: entry.key, path: path, scheme: scheme, secrets: secrets, allowed: allowed)
    }

    private static func isName(_ text: String) -> Bool {
        (1...sourceNameBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 != UInt8(ascii: "~") && $0 != UInt8(ascii: "/") && isPathByte($0) }
    }

    /// The unreserved characters of RFC 3986 §2.3, and the slash.
    static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E: true
        default: false
        }
    }

    /// A path without its last slash.
    private func path(_ node: YAMLNode) -> String? {
        guard let text = values.text(node, "'path'", bytesMax: Self.sourcePathBytesMax) else { return nil }
        guard text.utf8.first == UInt8(ascii: "/") else {
            sink.error(at: node.range, "'path' must begin with '/'", hint: "write `path: /\(text)`")
            return nil
        }
        let segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let inner = segments.last == "" ? segments.dropLast() : segments
        guard text.utf8.allSatisfy(Self.isPathByte), !inner.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
        else {
            sink.error(
                at: node.range, "'path' is no plain path",
                hint: "use letters, digits, '-', '_', '.', '~' and single '/'"
            )
            return nil
        }
        let path = text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
        if Self.reservedPaths.contains(where: { path == $0 || path.utf8.starts(with: "\($0)/".utf8) }) {
            sink.error(at: node.range, "'\(path)' is a path of Hookmail's own", hint: "choose another, as in /webhook")
            return nil
        }
        return path
    }

    // MARK: Secrets

    /// The secrets, at least one; none in the scheme `none`. `nil` when something about them is wrong.
    private func secrets(_ reader: MappingReader, _ scheme: SignatureScheme?) -> [Secret]? {
        if scheme == SignatureScheme.none {
            guard let entry = reader.entry("secrets") else { return [] }
            sink.error(
                at: entry.keyRange, "'verify: none' takes no secrets", hint: "remove them, or name how the sender signs"
            )
            return nil
        }
        let hint = "write `secrets: [{env: NAME}]` or `secrets: [{file: PATH}]`"
        guard let node = reader.required("secrets", hint: hint) else { return nil }
        let items = values.items(node, "'secrets'", countMax: Self.secretsMax)
        let secrets = items.compactMap { sourceSecret($0, for: scheme) }
        return secrets.isEmpty ? nil : secrets
    }
}
