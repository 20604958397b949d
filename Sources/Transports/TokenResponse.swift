/// The members of a token server's answer that matter here (RFC 6749 §5.1 and §5.2). Reading JSON is the caller's: this
/// room has no reader of its own.
package struct TokenResponse: Sendable {
    /// `access_token`.
    package var accessToken: Password?
    /// `expires_in`, in seconds.
    package var expiresInSeconds: Int?
    /// `refresh_token`: takes the place of the one that was used.
    package var refreshToken: Password?
    /// `error`: why there is no token.
    package var error: String?
    /// `error_description`: for people, and of the server's own making.
    package var errorDescription: String?

    package init(
        accessToken: Password? = nil, expiresInSeconds: Int? = nil, refreshToken: Password? = nil,
        error: String? = nil, errorDescription: String? = nil
    ) {
        self.accessToken = accessToken
        self.expiresInSeconds = expiresInSeconds
        self.refreshToken = refreshToken
        self.error = error
        self.errorDescription = errorDescription
    }

    /// Reads the body of an answer; `nil` when it is no JSON object.
    package typealias Reader = @Sendable ([UInt8]) -> TokenResponse?

    /// The reason of a refusal in words that hold nothing of ours: a code of RFC 6749 §5.2 and, where Microsoft gives
    /// one, the number under which its documentation explains it. Other text of the server is left out, for it may
    /// repeat what it was sent.
    var refusal: String? {
        guard let error else { return nil }
        let known = [
            "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
            "invalid_scope", "invalid_resource", "interaction_required", "consent_required", "access_denied",
            "temporarily_unavailable", "server_error", "slow_down",
        ]
        let word = known.contains(error) ? error : "an error of its own"
        guard let number = errorDescription.flatMap(Self.microsoftNumber) else { return word }
        return "\(word) (\(number))"
    }

    /// `AADSTS` and the digits behind it, of which Microsoft has up to eight.
    private static func microsoftNumber(in text: String) -> String? {
        let bytes = Array(text.utf8.prefix(2_000))
        let mark = Array("AADSTS".utf8)
        guard bytes.count > mark.count,
            let start = (0...(bytes.count - mark.count)).first(where: { bytes[$0...].starts(with: mark) })
        else { return nil }
        let digits = bytes[(start + mark.count)...].prefix { (0x30...0x39).contains($0) }
        return (1...8).contains(digits.count) ? "AADSTS" + String(decoding: digits, as: UTF8.self) : nil
    }
}
