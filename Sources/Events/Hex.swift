/// Hexadecimal text (RFC 4648 §8).
package enum Hex {
    /// Two small letters or digits a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text of hexadecimal digits in any case, or `nil` when it holds anything else or half a byte.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var isHex = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2) { bytes, count in
            var high: UInt8?
            for byte in text {
                guard let value = byte.hexValue else {
                    isHex = false
                    return
                }
                if let upper = high {
                    bytes.initializeElement(at: count, to: upper << 4 | value)
                    count += 1
                    high = nil
                } else {
                    high = value
                }
            }
        }
        return isHex ? bytes : nil
    }
}
