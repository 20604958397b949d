import ArgumentParser
import Bridge
import Events

/// Makes an event from a body nobody signed, for commands that look at files: it signs the body with a random secret
/// and has it verified, so that there is no other way to an event than verification.
enum UnsignedEvent {
    static func deliver(_ body: [UInt8], source: String) throws -> VerifiedDelivery {
        let secret = Secret((0..<32).map { _ in UInt8.random(in: .min ... .max) }, label: "random")
        let scheme = SignatureScheme.keywordsai
        let request = InboundRequest(
            source: source, headers: [scheme.sign(body, with: secret)], body: body, receivedAt: SystemClock().now())
        do {
            return try SignatureVerifier(source: source, scheme: scheme, secrets: [secret]).verify(request)
        } catch {
            if case .malformed(let reason) = error { Terminal.err("This is no event: \(reason).") }
            throw ExitCode.badInput
        }
    }
}
