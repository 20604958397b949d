internal import Events

extension Function {
    /// The encoders extension: bytes as Base64 and back.
    static let encoders: [Function] = [
        Function(
            "base64.encode", [([.bytes], .string)],
            .one { (value, budget) throws(EvaluationFault) in
                guard case .bytes(let bytes) = value else { throw mismatch("base64.encode", value) }
                try budget.pay(resultBytes: (bytes.count + 2) / 3 * 4)
                return .string(Base64.encode(bytes))
            }),
        Function(
            "base64.decode", [([.string], .bytes)],
            .one { (value, budget) throws(EvaluationFault) in
                guard case .string(let text) = value else { throw mismatch("base64.decode", value) }
                try budget.pay(bytes: text.utf8.count)
                guard let bytes = decoded(text.utf8) else {
                    throw EvaluationFault(.argument, "base64.decode got a text that is no Base64")
                }
                return .bytes(bytes)
            }),
    ]

    /// The bytes of a Base64 text (RFC 4648 §4) in the ways that other people write it: padding may be missing, white
    /// space may stand anywhere, and the bits behind the last byte may be anything. Signatures are read by
    /// `Base64.decode`, which takes one spelling only.
    private static func decoded(_ text: String.UTF8View) -> [UInt8]? {
        var digits = text.filter { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        if digits.count % 4 == 0 {
            for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        }
        let lastBits = digits.count % 4
        guard lastBits != 1 else { return nil }
        // Zeros as the bits that are left over, so that the strict reader takes the rest.
        if lastBits > 0, let last = digits.last {
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
            guard let value = alphabet.firstIndex(of: last) else { return nil }
            digits[digits.count - 1] = alphabet[value & (lastBits == 2 ? 0b110000 : 0b111100)]
            digits += [UInt8](repeating: UInt8(ascii: "="), count: 4 - lastBits)
        }
        return Base64.decode(digits)
    }
}
