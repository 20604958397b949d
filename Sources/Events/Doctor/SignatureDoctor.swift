/// Says why a request verifies or does not: which secret and which text its signature matches, or what is amiss.
///
/// It knows every secret of the configuration and is for the operator alone. What it says holds none of them, and no
/// signature that was not sent.
package struct SignatureDoctor: Sendable {
    private let verifiers: [SignatureVerifier]

    /// - Parameter verifiers: Those of all sources.
    package init(_ verifiers: [SignatureVerifier]) {
        self.verifiers = verifiers
    }

    /// Examines a request to the source that it names.
    ///
    /// - Parameter knowsSender: Whether the request's sender is known to be right, or known to be unknown; a capture
    ///   does not say, and then `allow` is left out.
    package func examine(_ request: InboundRequest, knowsSender: Bool = true) -> Diagnosis {
        guard let named = verifiers.first(where: { $0.source == request.source }) else {
            return Diagnosis(verifies: false, verdict: "There is no source \(request.source).")
        }
        let own = knowsSender || named.scheme == .none ? named : named.withoutAllow
        var remarks: [String] = []
        if !knowsSender, !named.allowed.isEmpty, named.scheme != .none {
            remarks.append("`allow` was not looked at; name the sender's address with --from ADDRESS.")
        }
        do throws(Refusal) {
            let delivery = try own.verify(request)
            return Diagnosis(verifies: true, verdict: Self.verdict(delivery, named), changes: remarks)
        } catch {
            if case .malformed(let reason) = error {
                let verdict = "It does not pass: the signature is right, but \(reason). The server answers 400."
                let isForm = request.headers.values("Content-Type").contains {
                    $0.starts(with: "application/x-www".utf8)
                }
                let change =
                    isForm || request.body.starts(with: "payload=".utf8)
                    ? "Make the sender send JSON and no form: GitHub has the content type in the webhook's settings."
                    : "Make the sender send JSON: an object, or an array of objects."
                return Diagnosis(verifies: false, verdict: verdict, changes: [change] + remarks)
            }
        }
        if own.scheme == .none { return Self.unknownAddress(request, own) }
        return search(request, own, remarks)
    }

    private func search(_ request: InboundRequest, _ own: SignatureVerifier, _ remarks: [String]) -> Diagnosis {
        var search = SignatureSearch(request)
        let others = verifiers.filter { $0.source != own.source }
        if let match = search.nearest(own: own, others: others) {
            let findings = MatchFindings(match, own: own, request: request)
            let verdict = "It does not verify: \(findings.all.first?.finding ?? "the reason was not found")."
            return Diagnosis(
                verifies: false, verdict: verdict,
                further: findings.all.dropFirst().map { Self.sentence($0.finding) },
                changes: findings.all.map(\.remedy) + remarks, match: match)
        }
        var diagnosis = MissingMatch(request, own: own, search: search).diagnosis
        diagnosis.changes += remarks
        diagnosis.tried.secrets = Self.unique((own.secrets + others.flatMap(\.secrets)).map(\.label))
        diagnosis.tried.texts = search.texts.map(\.variant.words)
        diagnosis.tried.headers = Self.unique(search.codes.map(\.header))
        diagnosis.tried.isCut = search.isExhausted
        return diagnosis
    }

    private static func unique(_ names: [String]) -> [String] {
        var unique: [String] = []
        for name in names where !unique.contains(name) { unique.append(name) }
        return unique
    }

    private static func sentence(_ finding: String) -> String { finding + "." }

    private static func verdict(_ delivery: VerifiedDelivery, _ verifier: SignatureVerifier) -> String {
        var how =
            switch delivery.text {
            case .raw: "the signature is that of \(delivery.secretLabel) over the bytes as received"
            case .canonical: "the signature is that of \(delivery.secretLabel) over the body as json.dumps writes it"
            case .unsigned where verifier.scheme == .none: "the sender's address is one of `allow`"
            case .unsigned: "the token is \(delivery.secretLabel)"
            }
        switch delivery.greeting {
        case .ping: how += "; it is GitHub's ping, which is answered and not stored"
        case .challenge: how += "; it is Slack's url_verification, which is answered and not stored"
        case nil: break
        }
        return "It verifies at the source \(verifier.source): \(how)."
    }

    private static func unknownAddress(_ request: InboundRequest, _ own: SignatureVerifier) -> Diagnosis {
        let finding = MatchFindings.address(request, own)
        return Diagnosis(
            verifies: false, verdict: "It does not verify: \(finding.finding).", changes: [finding.remedy])
    }
}

extension SignatureVerifier {
    /// The same without a look at the sender's address, for captures that do not say where they came from.
    fileprivate var withoutAllow: SignatureVerifier {
        SignatureVerifier(source: source, scheme: scheme, secrets: secrets)
    }
}
