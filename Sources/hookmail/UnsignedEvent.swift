import ArgumentParser
import Bridge
import Events

/// Makes events from a body nobody signed, for commands that look at files: it signs the body with a random secret, as
/// the source's sender would, and has it verified, so that there is no other way to an event than verification.
enum UnsignedEvent {
    /// - Parameters:
    ///   - scheme: The source's, because it decides what is taken off around an event.
    ///   - eventType: What a header calls the event, under a scheme where one does.
    static func deliver(
        _ body: [UInt8], source: String, scheme: SignatureScheme = .keywordsai, eventType: String? = nil
    ) throws -> VerifiedDelivery {
        // In a form that every scheme takes.
        let key = Base64.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) })
        let secret = Secret(Array("whsec_\(key)".utf8), label: "random")
        let now = SystemClock().now()
        let headers = scheme.sign(body, with: secret, at: now, id: "explained", eventType: eventType) ?? []
        // Where nothing is signed, the sender is known by its address: this one, which alone may send here.
        let sender = scheme == .none ? IPAddress("127.0.0.1") : nil
        let allowed = scheme == .none ? [try AddressBlock("127.0.0.1")] : []
        let request = InboundRequest(source: source, headers: headers, body: body, receivedAt: now, sender: sender)
        let delivery: VerifiedDelivery
        do {
            delivery = try SignatureVerifier(
                source: source, scheme: scheme, secrets: [secret], allowed: allowed
            ).verify(request)
        } catch {
            switch error {
            case .malformed(let reason): Terminal.err("This is no event: \(reason).")
            case .unverified: Terminal.err("The event could not be signed as the source \(source) wants it.")
            }
            throw ExitCode.badInput
        }
        if delivery.events.isEmpty {
            Terminal.err("This is no event: it is answered and not stored.")
            throw ExitCode.badInput
        }
        return delivery
    }
}
