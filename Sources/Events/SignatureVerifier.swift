/// An event that a holder of a secret has sent. Made by `SignatureVerifier.verify` alone.
package struct VerifiedEvent: Sendable {
    /// What makes another delivery the same event.
    package let key: EventKey
    /// When the request had been read completely.
    package let receivedAt: Timestamp
    package let facts: Facts
    /// The event's own bytes as received, without an envelope, with its credentials replaced.
    package let body: [UInt8]
    /// SHA-256 of the canonical text of this event as received: 32 bytes. Equal digests are equal events.
    package let digest: [UInt8]

    fileprivate init(key: EventKey, receivedAt: Timestamp, facts: Facts, body: [UInt8], digest: [UInt8]) {
        self.key = key
        self.receivedAt = receivedAt
        self.facts = facts
        self.body = body
        self.digest = digest
    }
}

/// Decides whether a request comes from a holder of one of a source's secrets, and reads its events if so.
///
/// Every secret that is still valid is tried: with the raw body first and, where the scheme has one, with the canonical
/// text of the body. A request without a signature costs the same work as one with a wrong signature.
package struct SignatureVerifier: Sendable {
    package let source: String
    package let scheme: SignatureScheme
    private let secrets: [Secret]
    private let limits: JSONLimits

    package init(source: String, scheme: SignatureScheme, secrets: [Secret], limits: JSONLimits = .standard) {
        self.source = source
        self.scheme = scheme
        self.secrets = secrets
        self.limits = limits
    }

    /// The events of a request, or why there are none.
    ///
    /// A body that is not JSON has no canonical text, so it is `malformed` only when the raw signature fits; a body
    /// that holds no event is `malformed` when either fits.
    package func verify(_ request: InboundRequest) throws(Refusal) -> VerifiedDelivery {
        let tried = secrets.filter { $0.isValid(at: request.receivedAt) }
        let presented = PresentedSignatures(headers: request.headers, scheme: scheme)
        let raw = rawCodes(of: request.body, secrets: tried)
        if let index = match(presented, raw) {
            let document = try Self.readable(request.body, limits: limits)
            return try delivery(of: document, request, secret: tried[index], text: .raw)
        }
        guard scheme.signsCanonicalText else { throw .unverified }
        // The body of a stranger is read here, because its canonical text is what may be signed.
        guard let document = try? JSONDocument(request.body, limits: limits) else { throw .unverified }
        let canonical = canonicalCodes(of: document, secrets: tried)
        guard let index = match(presented, canonical) else { throw .unverified }
        return try delivery(of: document, request, secret: tried[index], text: .canonical)
    }

    private func rawCodes(of body: [UInt8], secrets: [Secret]) -> [[UInt8]] {
        secrets.map { MessageCode.of(body, scheme.algorithm, key: $0.bytes) }
    }

    private func canonicalCodes(of document: JSONDocument, secrets: [Secret]) -> [[UInt8]] {
        let codes = secrets.map { MessageCode(scheme.algorithm, key: $0.bytes) }
        document.writeCanonicalText(of: 0) { piece in
            for code in codes { code.update(piece) }
        }
        return codes.map { $0.finish() }
    }

    /// The index of the first secret whose code was presented. Every pair is compared, each in constant time; without
    /// any signature the codes are compared with one that cannot fit.
    private func match(_ presented: PresentedSignatures, _ codes: [[UInt8]]) -> Int? {
        let nothing = [UInt8](repeating: 0, count: scheme.algorithm.digestBytes)
        let candidates = presented.codes.isEmpty ? [nothing] : presented.codes
        var matched: Int?
        for (index, code) in codes.enumerated() {
            for candidate in candidates where CryptoLibrary.areEqual(code, candidate) {
                matched = matched ?? index
            }
        }
        return presented.codes.isEmpty ? nil : matched
    }

    private static func readable(_ body: [UInt8], limits: JSONLimits) throws(Refusal) -> JSONDocument {
        do throws(JSONFault) {
            return try JSONDocument(body, limits: limits)
        } catch {
            throw .malformed("the body cannot be read as JSON: " + error.reason)
        }
    }

    private func delivery(
        of document: JSONDocument, _ request: InboundRequest, secret: Secret, text: MatchedText
    ) throws(Refusal) -> VerifiedDelivery {
        guard let envelope = Envelope.open(document) else { throw .malformed("the body holds no event") }
        let events = envelope.events.enumerated().map { index, found in
            event(found, index: envelope.isArray ? index : nil, of: document, receivedAt: request.receivedAt)
        }
        return VerifiedDelivery(events: events, isArray: envelope.isArray, secretLabel: secret.label, text: text)
    }

    private func event(
        _ found: Envelope.Event, index: Int?, of document: JSONDocument, receivedAt: Timestamp
    ) -> VerifiedEvent {
        let digest = document.canonicalDigest(of: found.node)
        let identity = EventIdentity(of: found.node, in: document, digest: digest, index: index)
        // The white space around a body that is one event belongs to what was received.
        let span = found.node == 0 ? 0..<document.bytes.count : document.range(of: found.node)
        return VerifiedEvent(
            key: EventKey(source: source, type: found.type, id: identity.id, origin: identity.origin),
            receivedAt: receivedAt,
            facts: Facts(of: found.node, in: document),
            body: Credentials.removed(from: document, root: found.node, span: span),
            digest: digest)
    }
}
