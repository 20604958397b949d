import Events
import Expressions
import Rules

/// What a source's `allow` must be seen together with.
struct SourceSurroundings {
    /// Where webhooks are received.
    let listen: ListenAddress
    let trustedProxies: [AddressBlock]
}

/// `allow` and `trusted_proxies`: blocks of addresses.
extension ConfigurationReader {
    /// The most blocks in one list.
    static let blocksMax = 200

    /// Reads `trusted_proxies:`, none without it. A block of all addresses would let every stranger say who it is, so
    /// that no `allow` would keep anybody out.
    func trustedProxies(_ file: MappingReader) -> [AddressBlock] {
        guard let entry = file.entry("trusted_proxies") else { return [] }
        let blocks = blocks(entry.value, "'trusted_proxies'")
        if blocks.contains(where: \.holdsEverything) {
            sink.error(
                at: entry.keyRange, "'trusted_proxies' holds every address, so everybody could claim any address",
                hint: "write the addresses of your own proxies, as in `trusted_proxies: [127.0.0.1, 10.0.0.0/8]`")
        }
        return blocks
    }

    /// Reads a source's `allow:`; empty without it, `nil` when `none` is without it, or nothing in it can be used.
    func allowed(
        _ reader: MappingReader, _ scheme: SignatureScheme?, _ surroundings: SourceSurroundings
    ) -> [AddressBlock]? {
        guard let entry = reader.entry("allow") else {
            guard scheme == SignatureScheme.none else { return [] }
            sink.error(
                at: reader.node.range, "'verify: none' takes everything that comes, so it needs 'allow'",
                hint: "write who may send, as in `allow: [127.0.0.1, 203.0.113.0/24]`")
            return nil
        }
        let blocks = blocks(entry.value, "'allow'")
        guard !blocks.isEmpty else { return nil }
        if scheme == SignatureScheme.none, blocks.contains(where: \.holdsEverything) {
            sink.error(
                at: entry.keyRange,
                "'verify: none' with an 'allow' that holds every address takes events from everybody",
                hint: "write who may send, as in `allow: [127.0.0.1, 203.0.113.0/24]`")
            return nil
        }
        warnOfUnreachable(entry, blocks, surroundings)
        return blocks
    }

    /// Behind a reverse proxy every connection comes from the proxy: a list of outside addresses never holds it.
    private func warnOfUnreachable(_ entry: YAMLEntry, _ blocks: [AddressBlock], _ surroundings: SourceSurroundings) {
        guard surroundings.listen.isLoopback, surroundings.trustedProxies.isEmpty,
            !blocks.contains(where: \.holdsLoopback)
        else { return }
        sink.warning(
            at: entry.keyRange,
            "'listen' takes connections of this machine alone, and 'allow' names none of its addresses: every request "
                + "will be refused",
            hint: "name the reverse proxy that speaks for the senders: `trusted_proxies: [127.0.0.1, \"::1\"]`")
    }

    private func blocks(_ node: YAMLNode, _ name: String) -> [AddressBlock] {
        values.items(node, name, countMax: Self.blocksMax).compactMap { block($0, name) }
    }

    private func block(_ node: YAMLNode, _ name: String) -> AddressBlock? {
        guard let text = values.text(node, name, bytesMax: 100) else { return nil }
        do throws(AddressBlock.Fault) {
            return try AddressBlock(text)
        } catch {
            let (message, hint): (String, String?) =
                switch error {
                case .address:
                    (
                        "'\(text)' in \(name) is no address and no block of addresses",
                        "write addresses, as in 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32; names are not looked up"
                    )
                case .length:
                    (
                        "the number behind '/' in \(name) is no length of a prefix",
                        "write 0 to 32 for IPv4, 0 to 128 for IPv6"
                    )
                case .looseBits(let meant):
                    (
                        "'\(text)' in \(name) has bits beyond its prefix",
                        meant.isEmpty ? "write the first address of the block" : "did you mean '\(meant)'?"
                    )
                }
            sink.error(at: node.range, message, hint: hint)
            return nil
        }
    }
}
