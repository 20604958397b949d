extension Secret {
    /// The secret itself, for the one place that hands it on: a mail server's password, a token in a request. Never for
    /// a message, a log or a comparison.
    package var revealedBytes: [UInt8] { bytes }

    /// Whether `given` is the secret, in time that depends on its length alone: both sides are hashed first.
    package func matches(_ given: [UInt8]) -> Bool {
        CryptoLibrary.areEqual(Hash.sha256(bytes), Hash.sha256(given))
    }
}
