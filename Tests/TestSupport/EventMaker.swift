package import Events
package import Rules

/// Makes events as a sender would: a body, signed and verified, for there is no other way to get one.
package enum EventMaker {
    /// The secret under which the events are signed.
    package static let secret = Secret(Array("a secret for tests, known to everybody".utf8), label: "env TEST_SECRET")

    /// Noon of 1 October 2026, UTC: where tests begin.
    package static let start = Timestamp(seconds: 1_790_856_000)

    /// A signed request for `source` with this body.
    package static func request(
        _ body: String, source: String = "production", receivedAt: Timestamp = start
    ) -> InboundRequest {
        let bytes = Array(body.utf8)
        return InboundRequest(
            source: source, headers: [SignatureScheme.keywordsai.sign(bytes, with: secret)], body: bytes,
            receivedAt: receivedAt
        )
    }

    /// The verified events of a body: one, or those of an array.
    package static func events(
        _ body: String, source: String = "production", receivedAt: Timestamp = start
    ) throws -> [VerifiedEvent] {
        let verifier = SignatureVerifier(source: source, scheme: .keywordsai, secrets: [secret])
        return try verifier.verify(request(body, source: source, receivedAt: receivedAt)).events
    }

    /// One verified event with this `unique_id` and status.
    package static func event(
        _ id: String, status: Int = 500, source: String = "production", receivedAt: Timestamp = start
    ) throws -> VerifiedEvent {
        try events(body(id, status: status), source: source, receivedAt: receivedAt)[0]
    }

    /// The body of a log with this `unique_id`: with status 500 one that failed.
    package static func body(_ id: String, status: Int = 500, padding: Int = 0) -> String {
        let failed = status >= 400 ? "true" : "false"
        return """
            {"unique_id":"\(id)","status_code":\(status),"failed":\(failed),"model":"gpt-4o","provider_id":"openai",\
            "cost":0.25,"latency":1.5,"customer_identifier":"acme","error_message":"upstream said no",\
            "prompt_messages":[{"role":"user","content":"\(String(repeating: "x", count: padding))"}]}
            """
    }

    /// The event as the log gives it to the engine.
    package static func logged(_ event: VerifiedEvent, id: Int64, isRevision: Bool = false) -> LoggedEvent {
        LoggedEvent(
            id: id, key: event.key, receivedAt: event.receivedAt, isRevision: isRevision, facts: event.facts
        )
    }
}
