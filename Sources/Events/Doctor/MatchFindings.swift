/// In what a signature whose origin was found departs from what the configuration asks for: each with what to change.
struct MatchFindings {
    /// One departure.
    struct Departure {
        /// What is wrong, as a sentence's end.
        let finding: String
        /// What to do about it, in full sentences.
        let remedy: String
    }

    /// In falling order of importance.
    private(set) var all: [Departure] = []

    private let match: SignatureMatch
    private let own: SignatureVerifier
    private let request: InboundRequest

    init(_ match: SignatureMatch, own: SignatureVerifier, request: InboundRequest) {
        self.match = match
        self.own = own
        self.request = request
        addSource()
        addScheme()
        addText()
        addKey()
        addEnd()
        addTime()
        if !own.mayCome(request.sender) {
            let start = all.isEmpty ? "the signature is right, but " : ""
            let address = Self.address(request, own)
            all.append(Departure(finding: start + address.finding, remedy: address.remedy))
        }
    }

    private mutating func add(_ finding: String, _ remedy: String) {
        all.append(Departure(finding: finding, remedy: remedy))
    }

    private mutating func addSource() {
        guard match.source != own.source else { return }
        add(
            "the signature is made with a secret of the source \(match.source), and the request was sent to the source "
                + own.source,
            "Let the sender call the path of \(match.source), or add \(match.secret.label) to those of \(own.source)."
        )
    }

    private mutating func addScheme() {
        let needed = match.scheme
        guard !needed.isSame(as: own.scheme), match.source == own.source || !needed.isSame(as: match.configured) else {
            return
        }
        if match.form == .looseBase64 {
            add(
                "the signature in \(match.header) is written in base64 of another kind (for URLs, or without padding)",
                "Make the sender write standard base64 with padding, or hexadecimal digits.")
            return
        }
        let written = SignatureMatch.written(needed)
        add(
            "the signature is right in another form than `\(SignatureMatch.written(own.scheme))` reads: "
                + Self.difference(needed, own.scheme, match),
            own.scheme == .github && match.algorithm == .sha1
                ? "GitHub sends X-Hub-Signature-256 beside it: was it lost on the way, or left out of the capture?"
                : "Write `\(written)` for the source \(own.source).")
    }

    private static func difference(
        _ needed: SignatureScheme, _ own: SignatureScheme, _ match: SignatureMatch
    ) -> String {
        switch (needed, own) {
        case (.token, _): return "\(match.header) holds the secret itself"
        case (.hmac(let needed), .hmac(let own)):
            var parts: [String] = []
            if !ASCIIText.isSame(needed.header, own.header) { parts.append("it stands in \(needed.header)") }
            if needed.algorithm != own.algorithm { parts.append("it is made with \(needed.algorithm.rawValue)") }
            if needed.encoding != own.encoding { parts.append("it is written in \(needed.encoding.rawValue)") }
            if needed.prefix != own.prefix {
                parts.append(needed.prefix.isEmpty ? "nothing stands before it" : "`\(needed.prefix)` stands before it")
            }
            return parts.joined(separator: ", ")
        case (.hmac(let needed), _):
            let kind = "HMAC-\(needed.algorithm.rawValue.uppercased()) in \(needed.encoding.rawValue)"
            return "\(needed.header) holds an \(kind) over the body alone"
        case (.keywordsai, _): return "\(match.header) holds it as Keywords AI and Respan write it"
        case (.github, _): return "it is written as GitHub writes it"
        default: return "it covers the time, as in \(needed.word)"
        }
    }

    private mutating func addText() {
        guard match.framing != .token, match.text != .raw else { return }
        guard !(match.text == .canonical && match.scheme.signsCanonicalText) else { return }
        let fits = match.text == .canonical && own.scheme.signsCanonicalText
        add(
            "the sender signed \(match.text.words), and not the bytes that arrived",
            fits
                ? "Send it in a header that Keywords AI uses: there json.dumps is taken, too." : match.text.remedy)
    }

    private mutating func addKey() {
        guard match.key != match.expectedKey else { return }
        let isPublicKey = match.secret.bytes.starts(with: "whpk_".utf8)
        guard !isPublicKey else { return }
        add(match.key.finding(match.secret.label, inScheme: match.scheme), match.key.remedy)
    }

    private mutating func addEnd() {
        guard let until = match.secret.until, !match.secret.isValid(at: request.receivedAt) else { return }
        add(
            (all.isEmpty ? "the signature is right, but " : "")
                + "\(match.secret.label) ended on \(until.rfc3339.prefix(10))",
            "Make the sender sign with a newer secret, or move the `until` of this one.")
    }

    private mutating func addTime() {
        guard case .scheme(let scheme) = match.framing, let seconds = scheme.toleranceSeconds else { return }
        let presented = PresentedSignatures(headers: request.headers, scheme: scheme)
        guard let signedAt = presented.signedAt, !presented.isTimely(at: request.receivedAt, scheme) else { return }
        let isOld = signedAt < request.receivedAt
        let start = all.isEmpty ? "the signature is right, but was " : "the signature was "
        let distance = isOld ? request.receivedAt - signedAt : signedAt - request.receivedAt
        add(
            start
                + "made at \(signedAt.rfc3339), \(Self.words(distance)) \(isOld ? "before" : "after") it was received "
                + "(\(request.receivedAt.rfc3339)), and \(scheme.word) allows \(seconds / 60) minutes",
            isOld
                ? "If this is an old capture, say when it was received with --at. Else a clock is wrong (`timedatectl` "
                    + "here, the sender's there), or the delivery waited on its way or was sent again by somebody."
                : "A clock is wrong: look at `timedatectl` here, and at the sender's.")
    }

    /// A span in its largest unit.
    private static func words(_ span: Duration) -> String {
        let seconds = span.wholeMicroseconds / 1_000_000
        switch seconds {
        case ..<600: return "\(seconds) seconds"
        case ..<7_200: return "\(seconds / 60) minutes"
        case ..<172_800: return "\(seconds / 3_600) hours"
        default: return "\(seconds / 86_400) days"
        }
    }

    /// That the sender's address is none of those that may send.
    static func address(_ request: InboundRequest, _ own: SignatureVerifier) -> Departure {
        guard let sender = request.sender else {
            return Departure(
                finding: "where it came from is not known, and `allow` of the source \(own.source) wants to know",
                remedy: "Behind a reverse proxy, name it in `trusted_proxies` and let it set X-Forwarded-For. For a "
                    + "capture, name the sender's address with --from ADDRESS.")
        }
        return Departure(
            finding: "it came from \(sender), which `allow` of the source \(own.source) does not hold",
            remedy: "If \(sender) is the sender, add it to `allow`. If it is your own reverse proxy, name it in "
                + "`trusted_proxies` and let it set X-Forwarded-For.")
    }
}
