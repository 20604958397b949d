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
/// text of the body. A request without a signature costs the same work as one with a wrong signature, with an old one,
/// or from an address that may not send.
package struct SignatureVerifier: Sendable {
    package let source: String
    package let scheme: SignatureScheme
    /// Who may send; empty for everybody who can sign, and for nobody where nothing is signed.
    package let allowed: [AddressBlock]
    let secrets: [Secret]
    private let keys: [SigningKey]
    private let limits: JSONLimits

    /// - Parameters:
    ///   - secrets: One of the wrong shape for the scheme (`SignatureScheme.fault`) verifies nothing.
    ///   - allowed: The addresses that may send; empty for all, except in the scheme `none`.
    package init(
        source: String, scheme: SignatureScheme, secrets: [Secret], allowed: [AddressBlock] = [],
        limits: JSONLimits = .standard
    ) {
        self.source = source
        self.scheme = scheme
        self.allowed = allowed
        self.secrets = secrets
        self.keys = secrets.compactMap { try? SigningKey($0, for: scheme) }
        self.limits = limits
    }

    /// The events of a request, or why there are none.
    ///
    /// A body that is not JSON has no canonical text, so it is `malformed` only when the raw signature fits; a body
    /// that holds no event is `malformed` when either fits.
    package func verify(_ request: InboundRequest) throws(Refusal) -> VerifiedDelivery {
        let tried = keys.filter { $0.secret.isValid(at: request.receivedAt) }
        let presented = PresentedSignatures(headers: request.headers, scheme: scheme)
        let isAdmitted = mayCome(request.sender) && presented.isTimely(at: request.receivedAt, scheme)
        let raw = matchRaw(request.body, presented, tried)
        if scheme == .none {
            guard isAdmitted else { throw .unverified }
            return try delivery(of: request, presented, label: "none", text: .unsigned)
        }
        if let raw, isAdmitted {
            let text: MatchedText = if case .token = scheme { .unsigned } else { .raw }
            return try delivery(of: request, presented, label: tried[raw].secret.label, text: text)
        }
        guard scheme.signsCanonicalText else { throw .unverified }
        // The body of a stranger is read here, because its canonical text is what may be signed.
        guard let document = try? JSONDocument(request.body, limits: limits) else { throw .unverified }
        let canonical = canonicalCodes(of: document, keys: tried)
        guard let index = match(presented, canonical), isAdmitted else { throw .unverified }
        return try delivery(
            of: document, request, presented, label: tried[index].secret.label, text: .canonical)
    }

    /// Whether a sender's address is one that may send. One that is not known is none.
    package func mayCome(_ sender: IPAddress?) -> Bool {
        guard !allowed.isEmpty else { return scheme != .none }
        guard let sender else { return false }
        return allowed.contains { $0.contains(sender) }
    }

    // MARK: Codes

    /// The index of the first key whose signature over the bytes as received was presented.
    private func matchRaw(_ body: [UInt8], _ presented: PresentedSignatures, _ keys: [SigningKey]) -> Int? {
        let codes = keys.map { key -> [UInt8] in
            guard case .shared(let bytes) = key.material, let codeKey = key.codeKey else { return [] }
            if case .token = scheme { return Hash.sha256(bytes) }
            let code = MessageCode(codeKey)
            presented.preamble.withUnsafeBytes { code.update($0) }
            body.withUnsafeBytes { code.update($0) }
            return code.finish()
        }
        let byCode = match(presented, codes)
        let byKey = matchPublicKeys(body, presented, keys)
        guard let byCode, let byKey else { return byCode ?? byKey }
        return min(byCode, byKey)
    }

    /// The same for keys that check instead of computing; without any signature they check one that cannot fit.
    private func matchPublicKeys(
        _ body: [UInt8], _ presented: PresentedSignatures, _ keys: [SigningKey]
    ) -> Int? {
        guard keys.contains(where: \.isPublic) else { return nil }
        let nothing = [UInt8](repeating: 0, count: Ed25519.signatureBytes)
        let candidates = presented.signatures.isEmpty ? [nothing] : presented.signatures
        var matched: Int?
        for (index, key) in keys.enumerated() {
            guard case .ed25519(let publicKey) = key.material else { continue }
            let message = presented.preamble + body
            for candidate in candidates where Ed25519.isValid(candidate, over: message, publicKey: publicKey) {
                matched = matched ?? index
            }
        }
        return presented.signatures.isEmpty ? nil : matched
    }

    private func canonicalCodes(of document: JSONDocument, keys: [SigningKey]) -> [[UInt8]] {
        let codes = keys.map { $0.codeKey.map(MessageCode.init) }
        document.writeCanonicalText(of: 0) { piece in
            for code in codes { code?.update(piece) }
        }
        return codes.map { $0?.finish() ?? [] }
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

    // MARK: Events

    private func delivery(
        of request: InboundRequest, _ presented: PresentedSignatures, label: String, text: MatchedText
    ) throws(Refusal) -> VerifiedDelivery {
        let document: JSONDocument
        do throws(JSONFault) {
            document = try JSONDocument(request.body, limits: limits)
        } catch {
            throw .malformed("the body cannot be read as JSON: " + error.reason)
        }
        return try delivery(of: document, request, presented, label: label, text: text)
    }

    private func delivery(
        of document: JSONDocument, _ request: InboundRequest, _ presented: PresentedSignatures, label: String,
        text: MatchedText
    ) throws(Refusal) -> VerifiedDelivery {
        if let greeting = try Greeting.of(document, scheme, eventType: presented.eventType) {
            return VerifiedDelivery(events: [], isArray: false, secretLabel: label, text: text, greeting: greeting)
        }
        guard let envelope = Envelope.open(document, scheme.unwrapping) else {
            throw .malformed("the body holds no event")
        }
        let events = envelope.events.enumerated().map { index, found in
            event(found, index: envelope.isArray ? index : nil, of: document, presented, request.receivedAt)
        }
        return VerifiedDelivery(events: events, isArray: envelope.isArray, secretLabel: label, text: text)
    }

    private func event(
        _ found: Envelope.Event, index: Int?, of document: JSONDocument, _ presented: PresentedSignatures,
        _ receivedAt: Timestamp
    ) -> VerifiedEvent {
        let digest = document.canonicalDigest(of: found.node)
        let identity = EventIdentity(
            of: found.node, in: document, digest: digest, index: index, delivery: presented.deliveryID,
            deliveryMember: scheme.deliveryIDMember)
        // The white space around a body that is one event belongs to what was received.
        let span = found.node == 0 ? 0..<document.bytes.count : document.range(of: found.node)
        let type = presented.eventType ?? found.type
        return VerifiedEvent(
            key: EventKey(
                source: source, type: type ?? (found.isLog ? "request_log" : "event"), id: identity.id,
                origin: identity.origin),
            receivedAt: receivedAt,
            facts: Facts(
                of: found.node, in: document, type: type, isLog: found.isLog, without: scheme.credentialMember),
            body: Credentials.removed(
                from: document, root: found.node, span: span, also: scheme.credentialMember),
            digest: digest)
    }
}
