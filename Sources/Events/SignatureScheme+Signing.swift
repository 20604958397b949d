extension SignatureScheme {
    /// The header fields that a sender with this secret adds to a delivery of exactly these bytes; `nil` when the
    /// secret cannot sign (a key that only checks, or one of the wrong shape). None for `none`.
    ///
    /// - Parameters:
    ///   - now: The time that is signed, where one is; whole seconds of it.
    ///   - id: The delivery's id, where a header names it.
    ///   - eventType: What the sender calls the event, where a header says it; without it that header is left out.
    package func sign(
        _ body: [UInt8], with secret: Secret, at now: Timestamp, id: String, eventType: String? = nil
    ) -> [HeaderField]? {
        guard case .shared(let key)? = try? SigningKey(secret, for: self).material else { return nil }
        let seconds = "\(now.microseconds / 1_000_000)"
        func code(_ preamble: String) -> [UInt8] {
            MessageCode.of(Array(preamble.utf8) + body, algorithm, key: key)
        }
        switch self {
        case .keywordsai:
            return [HeaderField(name: "X-Keywordsai-Signature", value: Hex.encode(code("")))]
        case .standardWebhooks:
            return [
                HeaderField(name: "webhook-id", value: id), HeaderField(name: "webhook-timestamp", value: seconds),
                HeaderField(name: "webhook-signature", value: "v1," + Base64.encode(code("\(id).\(seconds)."))),
            ]
        case .github:
            let form = Self.githubForm
            let type = eventType.map { HeaderField(name: Self.githubEventHeader, value: $0) }
            return [HeaderField(name: "X-GitHub-Delivery", value: id)] + [type].compactMap { $0 } + [
                HeaderField(name: form.header, value: form.encode(code("")))
            ]
        case .stripe:
            let value = "t=\(seconds),v1=" + Hex.encode(code("\(seconds)."))
            return [HeaderField(name: PresentedSignatures.stripeHeader, value: value)]
        case .slack:
            return [
                HeaderField(name: PresentedSignatures.slackTimeHeader, value: seconds),
                HeaderField(
                    name: PresentedSignatures.slackHeader, value: "v0=" + Hex.encode(code("v0:\(seconds):"))),
            ]
        case .hmac(let form):
            return [HeaderField(name: form.header, value: form.encode(code("")))]
        case .token(let form):
            let text = String(decoding: key, as: UTF8.self)
            return [HeaderField(name: form.header, value: form.isBearer ? "Bearer " + text : text)]
        case .none:
            return []
        }
    }

    /// The one header field of a scheme that signs nothing but the body.
    package func sign(_ body: [UInt8], with secret: Secret) -> HeaderField {
        let fields = sign(body, with: secret, at: Timestamp(seconds: 0), id: "0") ?? []
        return fields.last ?? HeaderField(name: "", value: "")
    }
}
