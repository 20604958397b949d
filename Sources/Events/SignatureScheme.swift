/// How a source's deliveries are known to be its own.
package enum SignatureScheme: Sendable, Equatable {
    /// Keywords AI and Respan: hexadecimal HMAC-SHA256 over the body or over its canonical text.
    case keywordsai
    /// Standard Webhooks 1.0.0, and Svix, whose headers are called `svix-…`: an HMAC-SHA256 in base64, or an Ed25519
    /// signature, over id, time and body.
    case standardWebhooks
    /// GitHub: hexadecimal HMAC-SHA256 over the body, in `X-Hub-Signature-256` behind `sha256=`.
    case github
    /// Stripe: hexadecimal HMAC-SHA256 over time and body, in `Stripe-Signature: t=…,v1=…`.
    case stripe
    /// Slack: hexadecimal HMAC-SHA256 over version, time and body, in `X-Slack-Signature: v0=…`.
    case slack
    /// An HMAC over the body in a header of the user's choice.
    case hmac(HMACScheme)
    /// No signature: the secret itself stands in a header.
    case token(TokenScheme)
    /// Nothing but the sender's address: whoever may send is believed. Verifies nothing without a list of addresses.
    case none
}

extension SignatureScheme {
    /// The names under which Keywords AI and Respan send their signature: the documented one of each brand, and a
    /// misspelt one that stood in published sample code.
    package static let keywordsaiHeaders = ["X-Respan-Signature", "X-Keywordsai-Signature", "X-Keywords-Signature"]

    /// GitHub's scheme in the words of the general one.
    package static let githubForm = HMACScheme(header: "X-Hub-Signature-256", prefix: "sha256=")

    /// The header in which GitHub names the event.
    static let githubEventHeader = "X-GitHub-Event"

    /// How far the time that a Standard Webhooks sender signed may lie before or after the receipt, in seconds: what
    /// the scheme's reference libraries allow.
    package static let standardWebhooksToleranceSeconds: Int64 = 300
    /// The same for Stripe: the default of its libraries.
    package static let stripeToleranceSeconds: Int64 = 300
    /// The same for Slack: what its documentation asks for.
    package static let slackToleranceSeconds: Int64 = 300

    /// The word for it in the configuration.
    package var word: String {
        switch self {
        case .keywordsai: "keywordsai"
        case .standardWebhooks: "standard-webhooks"
        case .github: "github"
        case .stripe: "stripe"
        case .slack: "slack"
        case .hmac: "hmac"
        case .token: "token"
        case .none: "none"
        }
    }

    /// The header fields in which a signature of this scheme may stand.
    package var headers: [String] {
        switch self {
        case .keywordsai: Self.keywordsaiHeaders
        case .standardWebhooks: PresentedSignatures.standardWebhooksPrefixes.map { $0 + "signature" }
        case .github: [Self.githubForm.header]
        case .stripe: [PresentedSignatures.stripeHeader]
        case .slack: [PresentedSignatures.slackHeader]
        case .hmac(let scheme): [scheme.header]
        case .token(let scheme): [scheme.header]
        case .none: []
        }
    }

    /// How far the signed time may lie from the receipt, in seconds; `nil` where no time is signed.
    package var toleranceSeconds: Int64? {
        switch self {
        case .standardWebhooks: Self.standardWebhooksToleranceSeconds
        case .stripe: Self.stripeToleranceSeconds
        case .slack: Self.slackToleranceSeconds
        case .keywordsai, .github, .hmac, .token, .none: nil
        }
    }

    /// The header in which the sender names the event; `nil` where the body alone says it.
    package var eventTypeHeader: String? { self == .github ? Self.githubEventHeader : nil }

    /// Whether the scheme takes secrets at all.
    package var takesSecrets: Bool { self != .none }

    /// The hash function under the HMAC, and over a token before it is compared.
    var algorithm: HashAlgorithm {
        if case .hmac(let scheme) = self { scheme.algorithm } else { .sha256 }
    }

    /// Whether the canonical text of a body may be what was signed.
    var signsCanonicalText: Bool { self == .keywordsai }

    /// What is taken off around an event.
    var unwrapping: Envelope.Unwrapping {
        switch self {
        case .keywordsai: .always
        // Their events are what their documentation says: a rule reads `event.data.object.amount` as Stripe writes it.
        case .github, .stripe, .slack: .never
        case .standardWebhooks, .hmac, .token, .none: .logsOnly
        }
    }

    /// A member of the sender's events that is a credential under a name that means nothing elsewhere: Slack's `token`,
    /// by which its events were verified before they were signed.
    var credentialMember: StaticString? { self == .slack ? "token" : nil }

    /// The member of an event in which the scheme keeps its delivery id, where it is no header.
    var deliveryIDMember: StaticString? {
        switch self {
        case .slack: "event_id"
        case .stripe: "id"
        default: nil
        }
    }
}
