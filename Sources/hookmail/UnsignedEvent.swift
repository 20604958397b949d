import ArgumentParser
import Bridge
import Events

/// Makes events from a body nobody signed, for commands that look at files: it signs the body with a random secret, as
/// the source's sender would, and has it verified, so that there is no other way to an event than verification.
enum UnsignedEvent {
    /// - Parameter scheme: The source's, because it decides what is taken off around an event.
    static func deliver(
        _ body: [UInt8], source: String, scheme: SignatureScheme = .keywordsai
    ) throws -> VerifiedDelivery {
        // In a form that every scheme takes.
        let key = Base64.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) })
        let secret = Secret(Array("whsec_\(key)".utf8), label: "random")
        let now = SystemClock().now()
        let headers = scheme.sign(body, with: secret, at: now, id: "explained") ?? []
        let request = InboundRequest(source: source, headers: headers, body: body, receivedAt: now)
        let delivery: VerifiedDelivery
        do {
            delivery = try SignatureVerifier(source: source, scheme: scheme, secrets: [secret]).verify(request)
        } catch {
            if case .malformed(let reason) = error { Terminal.err("This is no event: \(reason).") }
            throw ExitCode.badInput
        }
        if delivery.events.isEmpty {
            Terminal.err("This is no event: it is answered and not stored.")
            throw ExitCode.badInput
        }
        return delivery
    }
}
