internal import COpenSSL

/// A hash function that an HMAC may be built on.
package enum HashAlgorithm: String, Sendable, CaseIterable {
    case sha1, sha256, sha512

    /// Bytes of the digest.
    package var digestBytes: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    fileprivate var opensslName: String {
        switch self {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha512: "SHA512"
        }
    }
}

/// The key of an HMAC (RFC 2104), prepared once: hashing the key and finding the digest take longer than a small
/// message does.
final class MessageCodeKey: @unchecked Sendable {  // never changed after it was made; codes take a copy
    fileprivate let context: OpaquePointer?
    let algorithm: HashAlgorithm

    init(_ algorithm: HashAlgorithm, _ key: [UInt8]) {
        CryptoLibrary.start()
        self.algorithm = algorithm
        // An empty key still needs an address: OpenSSL takes a missing one for "keep the old key".
        let bytes = key.isEmpty ? [0] : key
        context = Provider.shared.mac.flatMap { hookmail_hmac_new($0, algorithm.opensslName, bytes, key.count) }
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    /// OpenSSL's implementation of HMAC, fetched once.
    private struct Provider: @unchecked Sendable {  // The fetched method is immutable and counted by OpenSSL itself.
        let mac: OpaquePointer?

        static let shared = Provider(mac: hookmail_hmac_fetch())
    }
}

/// An HMAC (RFC 2104) that takes its message in pieces. Owns its OpenSSL context; not for two threads at once.
final class MessageCode {
    private let context: OpaquePointer?
    private let algorithm: HashAlgorithm

    init(_ key: MessageCodeKey) {
        algorithm = key.algorithm
        context = key.context.flatMap { EVP_MAC_CTX_dup($0) }
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        EVP_MAC_update(context, bytes.baseAddress, bytes.count)
    }

    /// The code of everything taken; empty when OpenSSL failed, and so equal to no signature.
    func finish() -> [UInt8] {
        var code = [UInt8](repeating: 0, count: algorithm.digestBytes)
        var count = 0
        guard context != nil, EVP_MAC_final(context, &code, &count, code.count) == 1, count == code.count else {
            return []
        }
        return code
    }

    /// The code of one whole message.
    static func of(_ message: [UInt8], _ algorithm: HashAlgorithm, key: [UInt8]) -> [UInt8] {
        let code = MessageCode(MessageCodeKey(algorithm, key))
        message.withUnsafeBytes { code.update($0) }
        return code.finish()
    }
}
