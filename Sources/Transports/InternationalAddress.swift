import CCurl
import Foundation
import Mail

/// Addresses beyond ASCII as people write them, in the form in which they cross the wire.
///
/// The domain becomes A-labels (RFC 5890): `bücher.example` is `xn--bcher-kva.example`. The conversion is libcurl's and
/// behind it libidn2's, the same that the connection uses. The local part keeps its characters and becomes Unicode's
/// normalisation form C (RFC 6532 §3.1, RFC 6530 §10.1): one keyboard makes `ö` of one character and another of two,
/// nobody sees the difference, and the server knows the mailbox by the one.
package enum InternationalAddress {
    /// The address in that form. Anything else, and a domain that has no such form, is given back as it is, for the
    /// reader of addresses to refuse.
    package static func wireForm(ofAddress address: String) -> String {
        guard address.utf8.contains(where: { $0 >= 0x80 }), address.utf8.count <= bytesMax,
            let at = address.utf8.lastIndex(of: UInt8(ascii: "@"))
        else { return address }
        let localPart = String(address[..<at]).precomposedStringWithCanonicalMapping
        return localPart + "@" + wireForm(ofDomain: String(address[address.index(after: at)...]))
    }

    /// The same within `Name <address>`, or for an address alone.
    package static func wireForm(ofMailbox mailbox: String) -> String {
        guard mailbox.utf8.last == UInt8(ascii: ">"), let open = mailbox.utf8.lastIndex(of: UInt8(ascii: "<")) else {
            return wireForm(ofAddress: mailbox)
        }
        let start = mailbox.index(after: open)
        return mailbox[..<start] + wireForm(ofAddress: String(mailbox[start...].dropLast())) + ">"
    }

    /// The address with its ASCII domain in another spelling, which libcurl converts to the same one; `nil` where it
    /// would not. A letter or digit of full width is the plain one to libidn2 (UTS 46).
    static func spelledBeyondASCII(_ address: Address) -> String? {
        let scalars = Array(address.domain.unicodeScalars)
        guard let last = scalars.lastIndex(where: { $0 != "." && $0 != "-" }),
            let wide = Unicode.Scalar(scalars[last].value + 0xFEE0)
        else { return nil }
        var domain = String.UnicodeScalarView()
        domain.append(contentsOf: scalars[..<last] + [wide] + scalars[(last + 1)...])
        guard wireForm(ofDomain: String(domain)) == address.domain else { return nil }
        return "\(address.localPart)@\(String(domain))"
    }

    private static func wireForm(ofDomain domain: String) -> String {
        guard domain.utf8.contains(where: { $0 >= 0x80 }) else { return domain }
        // What libidn2 makes of it is looked at as any other domain, but not what the URL reader would take for more.
        guard domain.utf8.allSatisfy({ $0 >= 0x80 || isDomainByte($0) }) else { return domain }
        guard CurlLibrary.isReady, let ascii = hm_curl_ascii_host(domain) else { return domain }
        defer { curl_free(ascii) }
        return String(cString: ascii)
    }

    /// Longer ones have no form within the 254 bytes of an address.
    private static let bytesMax = 1_000

    private static func isDomainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
