/// A message in the form that a DKIM signature with `c=relaxed/relaxed` is made over (RFC 6376 §3.4.2 and §3.4.4):
/// what relays are known to change, such as folding and runs of spaces, is gone from it.
package enum RelaxedForm {
    /// A header field of a message.
    package struct Field: Sendable, Equatable {
        /// The name as it stands in the message.
        package let name: String
        /// `name:value` in relaxed form, without a line end.
        package let bytes: [UInt8]
    }

    /// The fields of `message` in their order, and its body in relaxed form.
    package static func parts(of message: [UInt8]) -> (fields: [Field], body: [UInt8]) {
        var fields: [Field] = []
        var lines: [ArraySlice<UInt8>] = []
        var rest = message[...]
        while let end = lineEnd(rest) {
            let line = rest[..<end]
            rest = rest[(end + 2)...]
            if line.first == 0x20 || line.first == 0x09 {
                lines.append(line)
                continue
            }
            if let field = field(lines) { fields.append(field) }
            lines = [line]
            if line.isEmpty { break }
        }
        return (fields, body(rest))
    }

    /// A field as it goes into the signature.
    package static func field(name: String, value: [UInt8]) -> Field {
        var bytes = Array(name.lowercased().utf8) + [UInt8(ascii: ":")]
        bytes += reduced(value.filter { $0 != 0x0D && $0 != 0x0A }[...].drop { $0 == 0x20 || $0 == 0x09 })
        return Field(name: name, bytes: bytes)
    }

    private static func field(_ lines: [ArraySlice<UInt8>]) -> Field? {
        let whole = Array(lines.joined())
        guard let colon = whole.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var name = whole[..<colon]
        while name.last == 0x20 || name.last == 0x09 { name.removeLast() }
        return field(name: String(decoding: name, as: UTF8.self), value: Array(whole[(colon + 1)...]))
    }

    private static func body(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var emptyLines = 0
        var rest = bytes
        while !rest.isEmpty {
            let end = lineEnd(rest) ?? rest.endIndex
            let line = reduced(rest[..<end])
            rest = rest[min(end + 2, rest.endIndex)...]
            guard !line.isEmpty else {
                emptyLines += 1
                continue
            }
            for _ in 0..<emptyLines { result += [0x0D, 0x0A] }
            emptyLines = 0
            result += line
            result += [0x0D, 0x0A]
        }
        return result
    }

    /// Runs of white space as one space, none at the end.
    private static func reduced(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(line.count)
        for byte in line {
            if byte != 0x20, byte != 0x09 {
                result.append(byte)
            } else if result.last != 0x20 {
                result.append(0x20)
            }
        }
        if result.last == 0x20 { result.removeLast() }
        return result
    }

    /// Where the first CRLF begins.
    private static func lineEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0] == 0x0D && $0 + 1 < bytes.endIndex && bytes[$0 + 1] == 0x0A }
    }
}
