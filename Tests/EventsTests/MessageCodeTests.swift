import Testing

@testable import Events

/// HMACs whose OpenSSL contexts are used again.
@Suite struct MessageCodeTests {
    private static let texts = (0..<200).map { length in (0..<length).map { UInt8(($0 * 7 + length) & 0xFF) } }

    /// Codes that are let go without an end, or follow one another, are those of a fresh key.
    @Test(arguments: HashAlgorithm.allCases, [0, 1, 32, 200])
    func aContextUsedAgainForgetsItsMessage(algorithm: HashAlgorithm, keyBytes: Int) {
        let secret = [UInt8](repeating: 0x5A, count: keyBytes)
        let key = MessageCodeKey(algorithm, secret)
        for (index, text) in Self.texts.enumerated() {
            let code = MessageCode(key)
            text.withUnsafeBytes { code.update($0) }
            guard index % 3 > 0 else { continue }
            #expect(code.finish() == MessageCode.of(text, algorithm, key: secret))
        }
    }

    /// Codes that live at the same time and take their messages in turns do not know of each other.
    @Test(arguments: HashAlgorithm.allCases)
    func codesThatLiveAtTheSameTimeAreTheirOwn(algorithm: HashAlgorithm) {
        let secret = [UInt8](repeating: 0x5A, count: 32)
        let key = MessageCodeKey(algorithm, secret)
        // The second round has the contexts that the first one gave back.
        for _ in 0..<2 {
            let texts = Self.texts.suffix(20)
            let codes = texts.map { _ in MessageCode(key) }
            for part in 0..<2 {
                for (code, text) in zip(codes, texts) {
                    let half = part == 0 ? text.prefix(text.count / 2) : text.dropFirst(text.count / 2)
                    Array(half).withUnsafeBytes { code.update($0) }
                }
            }
            for (code, text) in zip(codes, texts) {
                #expect(code.finish() == MessageCode.of(text, algorithm, key: secret))
            }
        }
    }

    @Test func twoThreadsMayUseOneKey() async {
        let secret = [UInt8](repeating: 0x5A, count: 32)
        let key = MessageCodeKey(.sha256, secret)
        let expected = Self.texts.map { MessageCode.of($0, .sha256, key: secret) }
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    (0..<50).reduce(0) { wrong, _ in
                        wrong
                            + zip(Self.texts, expected).count { text, expected in
                                let code = MessageCode(key)
                                text.withUnsafeBytes { code.update($0) }
                                return code.finish() != expected
                            }
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
