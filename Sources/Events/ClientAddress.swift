/// Who really sent a request that may have come through proxies.
package enum ClientAddress {
    /// More hops than this are not followed.
    static let hopsMax = 32
    /// More bytes of forwarding headers are not read.
    static let headerBytesMax = 4_096

    private static let forwardedFor = "X-Forwarded-For"
    private static let forwarded = "Forwarded"

    /// The sender's address, or `nil` when it cannot be known.
    ///
    /// From a peer that is no trusted proxy, what a request says of itself counts for nothing. Behind trusted ones it
    /// is the last address in `X-Forwarded-For`, or `Forwarded` (RFC 7239), that none of them has: everything before it
    /// was written by strangers. A proxy sets one of the two headers and passes the other on as a stranger wrote it, so
    /// where both are there they must say the same. A connection of this machine itself that brings such a header comes
    /// from a proxy that the configuration does not know; whom it speaks for is unknown.
    package static func of(peer: IPAddress?, headers: [HeaderField], trusted: [AddressBlock]) -> IPAddress? {
        guard let peer else { return nil }
        let lists = [headers.values(forwardedFor), headers.values(forwarded)]
        let isForwarded = lists.contains { !$0.isEmpty }
        guard trusted.contains(where: { $0.contains(peer) }) else {
            return isForwarded && peer.isLoopback ? nil : peer
        }
        guard isForwarded, lists.joined().reduce(0, { $0 + $1.count }) <= headerBytesMax else {
            return isForwarded ? nil : peer
        }
        let hops = [lists[0].flatMap(forHops), lists[1].flatMap(forwardedHops)]
        let named = zip(lists, hops).filter { !$0.0.isEmpty }.map { sender($0.1, trusted: trusted) }
        guard let first = named.first, named.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The last hop that is no trusted proxy, else the first one; `nil` at a hop that names no address.
    private static func sender(_ hops: [IPAddress?], trusted: [AddressBlock]) -> IPAddress? {
        guard hops.count <= hopsMax else { return nil }
        for hop in hops.reversed() {
            guard let hop else { return nil }
            if !trusted.contains(where: { $0.contains(hop) }) { return hop }
        }
        return hops.first ?? nil
    }

    /// `192.0.2.1, 2001:db8::1`, as nobody has standardised.
    private static func forHops(_ value: Substring.UTF8View) -> [IPAddress?] {
        value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { address(in: $0) }
    }

    /// `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"` (RFC 7239 §4). An element without `for` names nobody.
    private static func forwardedHops(_ value: Substring.UTF8View) -> [IPAddress?] {
        value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { element in
            let pairs = element.split(separator: UInt8(ascii: ";")).map(ASCIIText.trimmed)
            let named = pairs.filter { $0.prefix(4).lazy.map(\.lowercased).elementsEqual("for=".utf8) }
            guard named.count == 1, let node = named.first?.dropFirst(4) else { return nil }
            let quote = UInt8(ascii: "\"")
            let isQuoted = node.count >= 2 && node.first == quote && node.last == quote
            return address(in: isQuoted ? node.dropFirst().dropLast() : node)
        }
    }

    /// An address, also in brackets, also with a port.
    private static func address(in node: Substring.UTF8View) -> IPAddress? {
        let text = ASCIIText.trimmed(node)
        if text.first == UInt8(ascii: "[") {
            let inner = text.dropFirst().prefix { $0 != UInt8(ascii: "]") }
            let rest = text.dropFirst(inner.count + 1)
            guard rest.first == UInt8(ascii: "]"), isPort(rest.dropFirst()) else { return nil }
            return IPAddress(Substring(inner))
        }
        let colons = text.lazy.filter { $0 == UInt8(ascii: ":") }.count
        guard colons == 1 else { return IPAddress(Substring(text)) }
        let host = text.prefix { $0 != UInt8(ascii: ":") }
        return isPort(text.dropFirst(host.count)) ? IPAddress(Substring(host)) : nil
    }

    /// Nothing, or a colon and digits.
    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        text.isEmpty || (text.first == UInt8(ascii: ":") && text.count <= 6 && text.dropFirst().allSatisfy(\.isDigit))
    }
}
