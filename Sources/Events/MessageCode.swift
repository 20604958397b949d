internal import COpenSSL
import Synchronization

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
final class MessageCodeKey: @unchecked Sendable {  // the context never changes; spares are locked
    fileprivate let context: OpaquePointer?
    let algorithm: HashAlgorithm
    /// Contexts with this key that no code uses: to set one back costs less than to copy one.
    private let spare = Mutex<[Spare]>([])
    private static let sparesMax = 8

    init(_ algorithm: HashAlgorithm, _ key: [UInt8]) {
        CryptoLibrary.start()
        self.algorithm = algorithm
        // An empty key still needs an address: OpenSSL takes a missing one for "keep the old key".
        let bytes = key.isEmpty ? [0] : key
        context = Provider.shared.mac.flatMap { hookmail_hmac_new($0, algorithm.opensslName, bytes, key.count) }
    }

    deinit {
        EVP_MAC_CTX_free(context)
        spare.withLock { for spare in $0 { EVP_MAC_CTX_free(spare.context) } }
    }

    /// A context at the beginning of a message, for one user; `nil` when OpenSSL has no memory for one.
    fileprivate func take() -> OpaquePointer? {
        spare.withLock { $0.popLast() }?.context ?? context.flatMap { EVP_MAC_CTX_dup($0) }
    }

    /// Takes a context back, wherever in a message it stands.
    fileprivate func giveBack(_ context: OpaquePointer?) {
        guard let context else { return }
        let isKept =
            Provider.shared.beginsAnew && EVP_MAC_init(context, nil, 0, nil) == 1
            && spare.withLock { spare in
                guard spare.count < Self.sparesMax else { return false }
                spare.append(Spare(context: context))
                return true
            }
        if !isKept { EVP_MAC_CTX_free(context) }
    }

    /// A context without a user.
    private struct Spare: @unchecked Sendable {  // used by one thread at a time
        let context: OpaquePointer
    }

    /// OpenSSL's implementation of HMAC, fetched once.
    private struct Provider: @unchecked Sendable {  // The fetched method is immutable and counted by OpenSSL itself.
        let mac: OpaquePointer?
        /// Whether a context that is initialized without a key begins anew with the one that it has, as EVP_MAC_init(3)
        /// says. In OpenSSL 3.0.0 to 3.0.2 it goes on where it stood, and would give wrong codes: tried once, with the
        /// library that is there.
        let beginsAnew: Bool

        static let shared = Provider(hookmail_hmac_fetch())

        private init(_ mac: OpaquePointer?) {
            self.mac = mac
            beginsAnew = mac.map(Self.beginsAnew) ?? false
        }

        /// Takes the code of a message, begins anew after a part of another, and compares.
        private static func beginsAnew(_ mac: OpaquePointer) -> Bool {
            guard let context = hookmail_hmac_new(mac, HashAlgorithm.sha256.opensslName, [0x5A], 1) else {
                return false
            }
            defer { EVP_MAC_CTX_free(context) }
            let message = Array("hookmail".utf8)
            func code() -> [UInt8]? {
                var code = [UInt8](repeating: 0, count: HashAlgorithm.sha256.digestBytes)
                var count = 0
                guard EVP_MAC_update(context, message, message.count) == 1,
                    EVP_MAC_final(context, &code, &count, code.count) == 1
                else { return nil }
                return code
            }
            guard let first = code(), EVP_MAC_init(context, nil, 0, nil) == 1, code() == first,
                EVP_MAC_init(context, nil, 0, nil) == 1, EVP_MAC_update(context, message, 3) == 1,
                EVP_MAC_init(context, nil, 0, nil) == 1
            else { return false }
            return code() == first
        }
    }
}

/// An HMAC (RFC 2104) that takes its message in pieces. Owns its OpenSSL context; not for two threads at once.
final class MessageCode {
    private let context: OpaquePointer?
    private let key: MessageCodeKey

    init(_ key: MessageCodeKey) {
        self.key = key
        context = key.take()
    }

    deinit {
        key.giveBack(context)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        EVP_MAC_update(context, bytes.baseAddress, bytes.count)
    }

    /// The code of everything taken; empty when OpenSSL failed, and so equal to no signature.
    func finish() -> [UInt8] {
        var code = [UInt8](repeating: 0, count: key.algorithm.digestBytes)
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
