/// An address of IPv4 or IPv6. One of IPv4 is kept, compared and matched in its IPv6 form `::ffff:a.b.c.d` (RFC 4291
/// §2.5.5.2), which is how it arrives at a socket that listens on both.
package struct IPAddress: Sendable, Equatable, Hashable {
    /// The 16 bytes in network order.
    let bytes: [UInt8]

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Whether it is one of IPv4, in either form.
    package var isIPv4: Bool { bytes.starts(with: Self.mappedPrefix) }

    /// Whether only this machine has it: 127.0.0.0/8 or `::1`.
    package var isLoopback: Bool {
        isIPv4 ? bytes[12] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Reads `192.0.2.1` or `2001:db8::1` (RFC 4291 §2.2), also with a zone behind `%`, which is left out. Numbers with
    /// zeros in front are refused, because some read them as octal.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix { $0 != UInt8(ascii: "%") })
        guard bytes.count <= Self.textBytesMax else { return nil }
        if let four = Self.ipv4(bytes[...]) {
            self.init(bytes: Self.mappedPrefix + four)
        } else if let sixteen = Self.ipv6(bytes[...]) {
            self.init(bytes: sixteen)
        } else {
            return nil
        }
    }

    /// No address is written with more.
    private static let textBytesMax = 45

    /// Four numbers of at most 255.
    private static func ipv4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let numbers = parts.compactMap { part -> UInt8? in
            guard (1...3).contains(part.count), part.allSatisfy(\.isDigit) else { return nil }
            guard part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            return UInt8(String(decoding: part, as: UTF8.self))
        }
        return numbers.count == 4 ? numbers : nil
    }

    /// Eight groups; `::` stands once for at least one group of zeros; the last two may be an address of IPv4.
    private static func ipv6(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        guard let gap = text.indices.first(where: { text[$0] == colon && text[$0...].dropFirst().first == colon })
        else {
            let all = groups(text)
            return all?.count == 16 ? all : nil
        }
        guard let head = groups(text[..<gap]), let tail = groups(text[(gap + 2)...]), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups parted by single colons; none for an empty text.
    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let four = ipv4(part) { return bytes + four }
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard let digit = byte.hexValue else { return nil }
                value = value << 4 | UInt16(digit)
            }
            bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
        return bytes
    }
}

extension IPAddress: CustomStringConvertible {
    /// `192.0.2.1`, or the shortest form of IPv6 (RFC 5952 §4).
    package var description: String {
        if isIPv4 { return bytes[12...].map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            let run = groups[start...].prefix { $0 == 0 }
            if run.count > max(1, longest.count) { longest = run.indices }
            start += run.count + 1
        }
        return longest.isEmpty
            ? text(groups[...])
            : text(groups[..<longest.lowerBound]) + "::"
                + text(groups[longest.upperBound...])
    }
}
