import Events
import Hummingbird
import NIOCore
import Store

/// The calls about addresses that the mail server refused for good.
extension AdminListener {
    /// The longest request to lift a suppression, in bytes.
    private static let requestBytesMax = 4 << 10

    /// Those on the list, the last refused first.
    func suppressed(limit: Int) async throws(StoreError) -> Response {
        let refused = try await store.refusedRecipients(limit: limit)
        return .json(JSONValue.array(refused.map(\.json)).text, status: 200)
    }

    /// Takes the address that the body names off the list.
    func liftSuppression(_ request: Request) async throws -> Response {
        var request = request
        let body = try? await request.collectBody(upTo: Self.requestBytesMax)
        guard let body, let json = try? JSONValue.decode(Array(buffer: body)), let address = json["address"]?.string
        else { return .json(#"{"error":"give address as a text of a JSON object"}"#, status: 400) }
        try await store.liftSuppression(of: address, now: clock.now())
        courier.liftSuppression(of: address)
        return .json(#"{"status":"removed"}"#, status: 200)
    }
}
