import CCurl

/// Domains beyond ASCII in the form in which they cross the wire: `bücher.example` is `xn--bcher-kva.example`
/// (RFC 5890).
///
/// The conversion is libcurl's and behind it libidn2's, the same that the connection uses.
package enum InternationalDomain {
    /// The address with the domain behind its `@` in A-labels. Anything else, and a domain that has no such form, is
    /// given back as it is, for the reader of addresses to refuse.
    package static func ascii(address: String) -> String {
        guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return address }
        let domain = String(address[address.index(after: at)...])
        guard domain.utf8.contains(where: { $0 >= 0x80 }), domain.utf8.count <= domainBytesMax else { return address }
        // What libidn2 makes of it is looked at as any other domain, but not what the URL reader would take for more.
        guard domain.utf8.allSatisfy({ $0 >= 0x80 || isDomainByte($0) }) else { return address }
        guard CurlLibrary.isReady, let ascii = hm_curl_ascii_host(domain) else { return address }
        defer { curl_free(ascii) }
        return address[...at] + String(cString: ascii)
    }

    /// The same within `Name <address>`, or for an address alone.
    package static func ascii(mailbox: String) -> String {
        guard mailbox.utf8.last == UInt8(ascii: ">"), let open = mailbox.utf8.lastIndex(of: UInt8(ascii: "<")) else {
            return ascii(address: mailbox)
        }
        let start = mailbox.index(after: open)
        return mailbox[..<start] + ascii(address: String(mailbox[start...].dropLast())) + ">"
    }

    /// Longer ones have no form within the 253 bytes of RFC 1035 §2.3.4.
    private static let domainBytesMax = 1_000

    private static func isDomainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
