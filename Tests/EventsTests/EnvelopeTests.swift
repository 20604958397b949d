import Events
import Testing

/// Which parts of a body are events, and what they are called.
struct EnvelopeTests {
    private static let secret = Secret(Array("secret".utf8), label: "test")

    private func verify(_ body: String) throws(Refusal) -> VerifiedDelivery {
        let bytes = Array(body.utf8)
        let verifier = SignatureVerifier(source: "s", scheme: .keywordsai, secrets: [Self.secret])
        let field = SignatureScheme.keywordsai.sign(bytes, with: Self.secret)
        return try verifier.verify(
            InboundRequest(source: "s", headers: [field], body: bytes, receivedAt: Timestamp(seconds: 0)))
    }

    @Test(arguments: [
        (#"{"unique_id":"a","id":"b"}"#, "unique_id a request_log", false),
        (#"{"unique_id":"","id":12}"#, "id 12 request_log", false),
        (#"{"id":-0}"#, "id -0 request_log", false),
        (#"{"data":{"id":"x"}}"#, "id x request_log", false),
        (#"{"event":"trace_completed","data":{"id":"x"}}"#, "id x trace_completed", false),
        (#"{"event_type":"e","type":"t","payload":{"log":{"id":"x"}}}"#, "id x e", false),
        (#"{"event":{"id":"x","type":"inner"}}"#, "id x request_log", false),
        (#"{"type":"t","event":{"type":"u","request_log":{"id":"x"}}}"#, "id x t", false),
        (#"{"results":[{"id":"x"},{"id":"y"}]}"#, "id x request_log, id y request_log", true),
        (#"[{"data":{"id":"x"}},{"id":"y"}]"#, "id x request_log, id y request_log", true),
        (#"{"model":"m","id":"outer","data":{"id":"inner"}}"#, "id outer request_log", false),
        (#"{"id":"outer","data":"text","results":[]}"#, "id outer request_log", false),
        (#"{"data":[1],"id":"outer"}"#, "id outer request_log", false),
        (#"{"data":{"data":{"data":{"data":{"data":{"id":"x"},"id":"fifth"}}}}}"#, "id fifth request_log", false),
    ])
    func eventsAreFound(body: String, keys: String, isArray: Bool) throws {
        let delivery = try verify(body)
        let found = delivery.events.map { "\($0.key.origin.rawValue) \($0.key.id) \($0.key.type)" }
        #expect(found.joined(separator: ", ") == keys)
        #expect(delivery.isArray == isArray)
    }

    @Test(arguments: ["[]", "[[]]", "[{},1]", "null", "{\"results\":[{},2]}", "[[{}]]"])
    func bodyWithoutEventsIsMalformed(body: String) {
        #expect(throws: Refusal.malformed("the body holds no event")) { try verify(body) }
    }

    @Test func tooManyEventsAreRefused() throws {
        func array(_ count: Int) -> String { "[" + Array(repeating: "{}", count: count).joined(separator: ",") + "]" }
        #expect(try verify(array(10_000)).events.count == 10_000)
        #expect(throws: Refusal.self) { try verify(array(10_001)) }
    }

    @Test func eventWithoutIdHasItsDigest() throws {
        let single = try verify(#"{ "cost":1.0 }"#).events[0]
        #expect(single.key.origin == .digest && single.key.id == Hash.sha256Hex(Array(#"{"cost": 1.0}"#.utf8)))
        let pair = try verify(#"[{"cost":1e0},{"cost":1.0}]"#).events
        #expect(pair.map(\.digest) == [single.digest, single.digest])
        #expect(pair.map(\.key.id) == [single.key.id + "#0", single.key.id + "#1"])
    }

    @Test func unusualIdsStandForThemselves() throws {
        let long = String(repeating: "x", count: 201)
        #expect(try verify(#"{"id":"\#(long)"}"#).events[0].key.id == "sha256:" + Hash.sha256Hex(Array(long.utf8)))
        let first = try verify(#"{"id":"\ud800"}"#).events[0].key.id
        let second = try verify(#"{"id":"\ud801"}"#).events[0].key.id
        #expect(first != second && first.hasPrefix("sha256:"))
        #expect(try verify("{\"id\":\"a\\u0000\"}").events[0].key.id.hasPrefix("sha256:"))
    }
}
