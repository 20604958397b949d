import Testing

@testable import Events

/// HMACs whose OpenSSL contexts are used again.
@Suite struct MessageCodeTests {
    private static let texts = (0..<200).map { length in (0..<length).map { UInt8(($0 * 7 + length) & 0xFF) } }

    /// Codes that live at the same time, are let go without an end, or follow one another are those of a fresh key.
    @Test(arguments: HashAlgorithm.allCases, [0, 1, 32, 200])
    func aContextUsedAgainForgetsItsMessage(algorithm: HashAlgorithm, keyBytes: Int) {
        let secret = [UInt8](repeating: 0x5A, count: keyBytes)
        let key = MessageCodeKey(algorithm, secret)
        var open: [MessageCode] = []
        for (index, text) in Self.texts.enumerated() {
            let code = MessageCode(key)
            text.withUnsafeBytes { code.update($0) }
            if index % 3 == 0 {
                open.append(code)
                if open.count > 12 { open.removeFirst(9) }
                continue
            }
            #expect(code.finish() == MessageCode.of(text, algorithm, key: secret))
        }
        for code in open { #expect(code.finish().count == algorithm.digestBytes) }
    }
}
