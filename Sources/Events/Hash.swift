internal import COpenSSL

/// SHA-256 (FIPS 180-4) from OpenSSL.
package enum Hash {
    /// The 32 bytes of the digest of `bytes`.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let digest = SHA256Digest()
        Array(bytes).withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }

    /// The digest of `bytes` as 64 small hexadecimal digits.
    package static func sha256Hex(_ bytes: some Sequence<UInt8>) -> String {
        Hex.encode(sha256(bytes))
    }
}

/// A SHA-256 that takes its message in pieces. Owns its OpenSSL context; not for two threads at once.
final class SHA256Digest {
    private let context: OpaquePointer?

    init() {
        CryptoLibrary.start()
        context = Provider.shared.digest.flatMap { hookmail_digest_new($0) }
    }

    /// OpenSSL's implementation of SHA-256, fetched once.
    private struct Provider: @unchecked Sendable {  // The fetched digest is immutable and counted by OpenSSL itself.
        let digest: OpaquePointer?

        static let shared = Provider(digest: hookmail_sha256_fetch())
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of everything taken; empty when OpenSSL had no memory for a context, and so equal to no digest.
    func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard context != nil, EVP_DigestFinal_ex(context, &digest, &count) == 1, count == 32 else { return [] }
        return digest
    }
}
