import Events
import Hummingbird
import NIOCore
import Rules
import Store

/// The calls about silences. Each is an entry of the log, so that what it decides can be replayed.
extension AdminListener {
    /// The longest request to add a silence, in bytes.
    private static let requestBytesMax = 16 << 10

    /// Those in force, in the order in which they were added.
    func silences() async throws(StoreError) -> Response {
        let all = try await store.silences(at: clock.now()).all
        return .json(JSONValue.array(all.map(\.json)).text, status: 200)
    }

    /// Adds the silence that the body describes.
    func addSilence(_ request: Request) async throws -> Response {
        var request = request
        let body = try? await request.collectBody(upTo: Self.requestBytesMax)
        guard let body, let json = try? JSONValue.decode(Array(buffer: body)), let wanted = SilenceRequest(json: json)
        else {
            return .json(
                #"{"error":"give condition, until (RFC 3339), author and reason as texts of a JSON object"}"#,
                status: 400)
        }
        return .json(try await store.add(wanted, now: clock.now()).json.text, status: 200)
    }

    /// Ends a silence before its time.
    func endSilence(_ id: String) async throws(StoreError) -> Response {
        .json(try await store.endSilence(id, now: clock.now()).json.text, status: 200)
    }
}
