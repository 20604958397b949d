extension Secret {
    /// The secret itself, for the one place that hands it on: a mail server's password, a token in a request. Never for
    /// a message, a log or a comparison.
    package var revealedBytes: [UInt8] { bytes }

    /// Whether `given` is the secret, in time that depends on its length alone: both sides are hashed first.
    package func matches(_ given: [UInt8]) -> Bool {
        CryptoLibrary.areEqual(Hash.sha256(bytes), Hash.sha256(given))
    }

    /// The HMAC-SHA256 (RFC 2104) of `message` under the secret, 32 bytes; empty when OpenSSL had no memory.
    package func messageCode(over message: [UInt8]) -> [UInt8] {
        MessageCode.of(message, .sha256, key: bytes)
    }

    /// Whether `code`, of 16 bytes or more, is the beginning of the secret's code over `message`, in time that does not
    /// tell where it differs.
    package func isCode(_ code: [UInt8], over message: [UInt8]) -> Bool {
        code.count >= 16 && CryptoLibrary.areEqual(Array(messageCode(over: message).prefix(code.count)), code)
    }
}
