import Events
import Transports

extension TokenResponse {
    /// Reads a token server's answer (RFC 6749 §5.1, §5.2); `nil` when it is no JSON object.
    init?(json bytes: [UInt8]) {
        guard let value = try? JSONValue.decode(bytes), case .object = value else { return nil }
        self.init(
            accessToken: value["access_token"]?.string.map { Password($0) },
            expiresInSeconds: Self.seconds(value["expires_in"]),
            refreshToken: value["refresh_token"]?.string.map { Password($0) },
            error: value["error"]?.string, errorDescription: value["error_description"]?.string)
    }

    /// A number; some servers write it as a text.
    private static func seconds(_ value: JSONValue?) -> Int? {
        if let number = value?.int { return Int(clamping: number) }
        return value?.string.flatMap { Int($0) }
    }
}
