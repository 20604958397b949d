internal import COpenSSL

/// What all of Hookmail's calls into libcrypto share.
enum CryptoLibrary {
    /// Starts the library, once, before the first call of anybody.
    static func start() {
        _ = started
    }

    private static let started = hookmail_crypto_start()

    /// Whether two byte strings of the same length are equal, in a time that does not tell where they differ.
    static func areEqual(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
        guard lhs.count == rhs.count, !lhs.isEmpty else { return false }
        return CRYPTO_memcmp(lhs, rhs, lhs.count) == 0
    }
}
