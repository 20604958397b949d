internal import COpenSSL

/// A private key that signs: RSA or Ed25519, from OpenSSL. Nothing of it can be printed.
package final class PrivateKey: @unchecked Sendable {  // OpenSSL's key is never changed after it was read
    /// What a key signs with.
    package enum Algorithm: String, Sendable {
        /// RSASSA-PKCS1-v1_5 over SHA-256 (RFC 8017 §8.2).
        case rsa
        /// Ed25519 (RFC 8032), over the message itself.
        case ed25519
    }

    package let algorithm: Algorithm
    /// The length of an RSA modulus, 256 for Ed25519.
    package let bits: Int
    private let key: OpaquePointer

    /// Bytes of the longest signature: RSA with 16,384 bits.
    private static let signatureBytesMax = 2_048
    /// The longest public half in bytes.
    private static let publicKeyBytesMax = 4_096

    /// Reads a key in PEM: PKCS #8, or RSA's own form (PKCS #1).
    package init(pem: [UInt8]) throws(PrivateKeyFault) {
        CryptoLibrary.start()
        guard let key = hookmail_private_key_read(pem.isEmpty ? [0] : pem, Int32(clamping: pem.count)) else {
            throw PrivateKeyFault(unreadable: pem)
        }
        if EVP_PKEY_is_a(key, "RSA") == 1 {
            algorithm = .rsa
        } else if EVP_PKEY_is_a(key, "ED25519") == 1 {
            algorithm = .ed25519
        } else {
            EVP_PKEY_free(key)
            throw .otherAlgorithm
        }
        bits = Int(EVP_PKEY_get_bits(key))
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    /// The signature over `message`; empty when OpenSSL had no memory, and so nobody's.
    package func signature(over message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Self.signatureBytesMax)
        var count = signature.count
        let bytes = message.isEmpty ? [0] : message
        let isDone =
            switch algorithm {
            case .rsa: hookmail_sign(key, "SHA256", bytes, message.count, &signature, &count)
            case .ed25519: hookmail_sign(key, nil, bytes, message.count, &signature, &count)
            }
        return isDone == 1 ? Array(signature.prefix(count)) : []
    }

    /// The public half as DKIM's records have it (RFC 6376 §3.6.1, RFC 8463 §4): for RSA its SubjectPublicKeyInfo, for
    /// Ed25519 the 32 bytes alone.
    package var publicKey: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.publicKeyBytesMax)
        let count = Int(hookmail_public_key_write(key, &bytes, Int32(bytes.count)))
        return Array(bytes.prefix(count).suffix(algorithm == .ed25519 ? Ed25519.keyBytes : count))
    }
}

extension PrivateKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a text is no private key that signs. No word of it tells anything of the key.
package enum PrivateKeyFault: Error, Sendable, Equatable {
    /// It is no private key in PEM.
    case unreadable
    /// It is locked by a passphrase.
    case passphrase
    /// It is a public key or a certificate.
    case publicKey
    /// It is a key of another kind, such as one for ECDSA.
    case otherAlgorithm

    /// Tells from its first line what a text is that OpenSSL does not take.
    init(unreadable pem: [UInt8]) {
        let text = String(decoding: pem.prefix(400), as: UTF8.self)
        if text.contains("ENCRYPTED") {
            self = .passphrase
        } else if text.contains("PUBLIC KEY") || text.contains("CERTIFICATE") {
            self = .publicKey
        } else {
            self = .unreadable
        }
    }

    /// What is wrong, as the end of a sentence that begins with the key.
    package var message: String {
        switch self {
        case .unreadable: "is no private key in PEM"
        case .passphrase: "is locked by a passphrase, which nobody could type when the server starts"
        case .publicKey: "is the half of a key that verifies, or a certificate; signing needs the private key"
        case .otherAlgorithm: "is neither an RSA nor an Ed25519 key"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch self {
        case .passphrase: "`openssl pkey -in KEY.pem -out dkim.pem` takes it off; keep the new file at mode 0600"
        default: "`openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out dkim.pem` makes one"
        }
    }
}
