internal import COpenSSL

/// Ed25519 signatures (RFC 8032) from OpenSSL: only the check, because a receiver never signs.
package enum Ed25519 {
    /// Bytes of a public key.
    package static let keyBytes = 32
    /// Bytes of a signature.
    package static let signatureBytes = 64

    /// Whether `signature` is the key holder's over exactly `message`. A key or signature of another length is none.
    package static func isValid(_ signature: [UInt8], over message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureBytes, publicKey.count == keyBytes else { return false }
        CryptoLibrary.start()
        // An empty message still needs an address.
        let bytes = message.isEmpty ? [0] : message
        return hookmail_ed25519_verify(publicKey, signature, bytes, message.count) == 1
    }
}
