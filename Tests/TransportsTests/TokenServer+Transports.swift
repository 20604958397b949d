import Foundation
import TestSupport

@testable import Transports

/// What the tests of this folder want of a token server.
extension TokenServer {
    /// Where tokens are asked for; by client credentials, or with `refreshToken`.
    func endpoint(refreshToken: String? = nil, scope: String? = nil) -> TokenEndpoint {
        TokenEndpoint(
            url: "http://127.0.0.1:\(port)/token", clientID: "hookmail & co",
            clientSecret: Password("s3cret-canary/+="),
            refreshToken: refreshToken.map { Password($0) }, scope: scope)
    }

    /// Access tokens of this server, which lives as long as they do.
    ///
    /// - Parameter file: where the successors of the refresh token are kept.
    func tokens(
        refreshToken: String? = nil, scope: String? = nil, file: RefreshTokenFile? = nil
    ) -> AccessTokens {
        var endpoint = endpoint(refreshToken: refreshToken, scope: scope)
        endpoint.refreshTokenFile = file
        return AccessTokens(endpoint) { [self] bytes in
            withExtendedLifetime(self) { Self.read(bytes) }
        }
    }

    /// Reads an answer with Foundation's reader, where the product has its own.
    static func read(_ bytes: [UInt8]) -> TokenResponse? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { return nil }
        return TokenResponse(
            accessToken: (object["access_token"] as? String).map { Password($0) },
            expiresInSeconds: object["expires_in"] as? Int,
            refreshToken: (object["refresh_token"] as? String).map { Password($0) },
            error: object["error"] as? String, errorDescription: object["error_description"] as? String)
    }
}
