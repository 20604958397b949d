/// A block of addresses as RFC 4632 writes it: `203.0.113.0/24`, `2001:db8::/32`, or one address.
package struct AddressBlock: Sendable, Equatable {
    /// Why a text is no block.
    package enum Fault: Error, Sendable, Equatable {
        /// No address stands before the slash.
        case address
        /// What stands behind the slash is no length of a prefix: 0 to 32, or 0 to 128 for IPv6.
        case length
        /// The address has bits beyond the prefix; the block that was probably meant.
        case looseBits(String)
    }

    private let base: IPAddress
    /// How many bits of the IPv6 form must agree.
    private let bits: Int

    /// Reads a block. One with bits beyond its prefix is refused, because it says two things.
    package init(_ text: String) throws(Fault) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.utf8.contains(UInt8(ascii: "%")), let base = IPAddress(first) else {
            throw .address
        }
        // `::ffff:192.0.2.0/120` counts its bits as IPv6 does.
        let isWrittenAsIPv4 = base.isIPv4 && !first.utf8.contains(UInt8(ascii: ":"))
        let width = isWrittenAsIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit), let given = Int(parts[1]),
                given <= width
            else { throw .length }
            length = given
        }
        self.base = base
        bits = length + 128 - width
        let masked = Self.masked(base, bits: bits)
        guard masked == base.bytes else {
            let words = masked[12...].map(String.init).joined(separator: ".")
            throw .looseBits(isWrittenAsIPv4 ? "\(words)/\(length)" : "")
        }
    }

    /// Whether the block holds an address.
    package func contains(_ address: IPAddress) -> Bool {
        Self.masked(address, bits: bits) == base.bytes
    }

    /// Whether the block holds all addresses, or all of IPv4.
    package var holdsEverything: Bool {
        // The addresses of IPv4 lie in one block of 96 bits, which a shorter prefix of zeros takes in whole.
        bits <= 96 && IPAddress("0.0.0.0").map(contains) ?? false
    }

    /// Whether the block holds an address that only this machine has.
    package var holdsLoopback: Bool {
        ["127.0.0.1", "::1"].compactMap { IPAddress($0) }.contains(where: contains) || base.isLoopback
    }

    private static func masked(_ address: IPAddress, bits: Int) -> [UInt8] {
        address.bytes.enumerated().map { index, byte in
            let kept = min(max(bits - 8 * index, 0), 8)
            return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
        }
    }
}
