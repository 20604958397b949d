/// What to say of a request whose signature comes from no secret of the configuration, in any way that was tried.
struct MissingMatch {
    private let request: InboundRequest
    private let own: SignatureVerifier
    private let search: SignatureSearch

    init(_ request: InboundRequest, own: SignatureVerifier, search: SignatureSearch) {
        self.request = request
        self.own = own
        self.search = search
    }

    var diagnosis: Diagnosis {
        let values = own.scheme.headers.flatMap { request.headers.values($0) }
        if values.isEmpty { return absent }
        let presented = PresentedSignatures(headers: request.headers, scheme: own.scheme)
        if own.scheme.toleranceSeconds != nil, presented.signedAt == nil { return withoutTime }
        if presented.codes.isEmpty, presented.signatures.isEmpty { return unreadable(values) }
        if case .token = own.scheme {
            return Diagnosis(
                verifies: false, verdict: "It does not verify: the token is none of the secrets.",
                changes: [
                    "Compare what the sender has with the secret, at both ends: an older one, or one that was cut?"
                ])
        }
        return unknown
    }

    private var names: String { own.scheme.headers.joined(separator: ", ") }

    private var absent: Diagnosis {
        let elsewhere = search.codes.map(\.header)
        guard let other = elsewhere.first else {
            return Diagnosis(
                verifies: false,
                verdict: "It does not verify: the request carries no signature; `\(written)` reads \(names).",
                changes: [
                    "Does the sender know a secret? Many sign only when one is set.",
                    "Does a proxy on the way remove headers it does not know?",
                    "Was the header left out of the capture? Give it with --header 'NAME: VALUE'.",
                ])
        }
        return Diagnosis(
            verifies: false,
            verdict:
                "It does not verify: nothing stands in \(names), which `\(written)` reads. What \(other) holds may be "
                + "a signature, and comes from none of the secrets.",
            changes: ["Which sender is it, and how does its documentation say that it signs?"] + Self.reasons)
    }

    private var withoutTime: Diagnosis {
        let needed =
            switch own.scheme {
            case .standardWebhooks: "webhook-id and webhook-timestamp (or svix-id and svix-timestamp), each once"
            case .slack: PresentedSignatures.slackTimeHeader
            default: "t=SECONDS in \(names)"
            }
        return Diagnosis(
            verifies: false,
            verdict:
                "It does not verify: `\(written)` signs the time, and the request does not say it: it needs \(needed).",
            changes: [
                "Was a header left out of the capture? Give it with --header 'NAME: VALUE'.",
                "Does a proxy on the way remove or change headers?",
            ])
    }

    private func unreadable(_ values: [Substring.UTF8View]) -> Diagnosis {
        let shapes = values.prefix(3).map(Self.shape).joined(separator: "; ")
        return Diagnosis(
            verifies: false,
            verdict:
                "It does not verify: what stands in \(names) is no signature as `\(written)` writes it: \(shapes).",
            changes: ["It must read \(form)."] + Self.reasons)
    }

    private var form: String {
        switch own.scheme {
        case .keywordsai: "64 hexadecimal digits and nothing else"
        case .github: "sha256= and 64 hexadecimal digits"
        case .standardWebhooks: "v1, and base64 of 32 bytes; several parted by spaces"
        case .stripe: "t=SECONDS,v1= and 64 hexadecimal digits"
        case .slack: "v0= and 64 hexadecimal digits"
        case .hmac(let form):
            "`\(form.prefix)` and "
                + (form.encoding == .hex
                    ? "\(form.algorithm.digestBytes * 2) hexadecimal digits"
                    : "base64 of \(form.algorithm.digestBytes) bytes")
        case .token(let form): form.isBearer ? "Bearer, a space and the token" : "the token"
        case .none: ""
        }
    }

    /// What a value is like, without a part of it.
    private static func shape(_ value: Substring.UTF8View) -> String {
        let digits = value.filter { $0.hexValue != nil }.count
        let kind = value.isEmpty ? "nothing" : digits == value.count ? "hexadecimal digits" : "characters"
        return value.isEmpty ? kind : "\(value.count) \(kind)"
    }

    private var unknown: Diagnosis {
        Diagnosis(
            verifies: false,
            verdict:
                "It does not verify: the signature is readable, and comes from none of the secrets over any text that "
                + "was tried.",
            changes: Self.reasons)
    }

    private var written: String { SignatureMatch.written(own.scheme) }

    private static let reasons = [
        "Another key: was the secret changed at the sender, or is it that of another webhook, project or API key?",
        "A changed body: was the capture taken behind something that changes it, or copied from a log or a screen?",
        "A missing part: does a proxy remove the header, or was the body cut?",
    ]
}
