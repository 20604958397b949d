/// What a request carries in the headers of a scheme, strictly decoded: the signatures, and what was signed with the
/// body.
struct PresentedSignatures {
    /// More bytes in all values together are refused.
    static let bytesMax = 4_096
    /// More values are refused.
    static let valuesMax = 16
    /// A longer delivery id is refused where it is signed, in bytes.
    static let deliveryIDBytesMax = 256

    /// The decoded codes, each as long as the scheme's digest; empty when there is none or too much.
    private(set) var codes: [[UInt8]] = []
    /// Ed25519 signatures of 64 bytes, in schemes that have them.
    private(set) var signatures: [[UInt8]] = []
    /// What stands before the body in the signed text.
    private(set) var preamble: [UInt8] = []
    /// When the sender says to have signed, where the scheme signs the time.
    private(set) var signedAt: Timestamp?
    /// The id of the delivery, where a header names it.
    private(set) var deliveryID: String?
    /// What a header calls the event.
    private(set) var eventType: String?

    init(headers: [HeaderField], scheme: SignatureScheme) {
        switch scheme {
        case .keywordsai:
            let form = HMACScheme(header: "")
            codes = Self.values(headers, scheme.headers).compactMap(form.decode)
        case .hmac(let form):
            codes = Self.values(headers, scheme.headers).compactMap(form.decode)
        case .github:
            codes = Self.values(headers, scheme.headers).compactMap(SignatureScheme.githubForm.decode)
            deliveryID = Self.plain(headers.only("X-GitHub-Delivery"))
            eventType = Self.plain(headers.only(SignatureScheme.githubEventHeader))
        case .token(let form):
            // A token may hold commas, so its values are not split.
            let values = Self.bounded(scheme.headers.flatMap { headers.values($0) })
            codes = values.compactMap(form.token).map { Hash.sha256($0) }
        case .standardWebhooks: readStandardWebhooks(headers)
        case .stripe: readStripe(headers)
        case .slack: readSlack(headers)
        case .none: break
        }
    }

    /// Whether the signed time lies within the scheme's window around `instant`, both ends included; always where no
    /// time is signed.
    func isTimely(at instant: Timestamp, _ scheme: SignatureScheme) -> Bool {
        guard let seconds = scheme.toleranceSeconds else { return true }
        guard let signedAt else { return false }
        let earliest = instant.advanced(by: .seconds(-seconds))
        return earliest <= signedAt && signedAt <= instant.advanced(by: .seconds(seconds))
    }

    // MARK: Schemes that sign more than the body

    /// What the names of the three headers begin with: the standard's own, and Svix's.
    static let standardWebhooksPrefixes = ["webhook-", "svix-"]
    static let stripeHeader = "Stripe-Signature"
    static let slackHeader = "X-Slack-Signature"
    static let slackTimeHeader = "X-Slack-Request-Timestamp"

    /// `id.timestamp.body`, signed as `v1,<base64>` or `v1a,<base64>`, several parted by spaces. The first family of
    /// names counts that is there whole.
    private mutating func readStandardWebhooks(_ headers: [HeaderField]) {
        for prefix in Self.standardWebhooksPrefixes {
            let lists = headers.values(prefix + "signature")
            guard !lists.isEmpty, let id = headers.only(prefix + "id"), let time = headers.only(prefix + "timestamp"),
                let signedAt = Self.seconds(time), id.count <= Self.deliveryIDBytesMax, ASCIIText.isVisible(id),
                // A point would let one id end where another text begins.
                !id.contains(UInt8(ascii: "."))
            else { continue }
            self.signedAt = signedAt
            deliveryID = String(id)
            preamble = Array(id) + [UInt8(ascii: ".")] + Array(time) + [UInt8(ascii: ".")]
            let parts = Self.bounded(lists.flatMap { $0.split(separator: UInt8(ascii: " ")) })
            codes = parts.compactMap { Self.decoded($0, version: "v1,", bytes: 32) }
            signatures = parts.compactMap { Self.decoded($0, version: "v1a,", bytes: Ed25519.signatureBytes) }
            return
        }
    }

    private static func decoded(_ part: Substring.UTF8View, version: String, bytes: Int) -> [UInt8]? {
        guard part.starts(with: version.utf8) else { return nil }
        let code = Base64.decode(Array(part.dropFirst(version.utf8.count)))
        return code?.count == bytes ? code : nil
    }

    /// `t=…,v1=…,v1=…`; other versions are signed with less and count for nothing.
    private mutating func readStripe(_ headers: [HeaderField]) {
        let parts = Self.values(headers, [Self.stripeHeader])
        let times = parts.filter { $0.starts(with: "t=".utf8) }.map { $0.dropFirst(2) }
        guard times.count == 1, let time = times.first, let signedAt = Self.seconds(time) else { return }
        self.signedAt = signedAt
        preamble = Array(time) + [UInt8(ascii: ".")]
        codes = parts.compactMap(HMACScheme(header: "", prefix: "v1=").decode)
    }

    /// `v0:timestamp:body`, signed as `v0=<hex>`.
    private mutating func readSlack(_ headers: [HeaderField]) {
        guard let time = headers.only(Self.slackTimeHeader), let signedAt = Self.seconds(time) else { return }
        self.signedAt = signedAt
        preamble = Array("v0:".utf8) + Array(time) + [UInt8(ascii: ":")]
        codes = Self.values(headers, [Self.slackHeader]).compactMap(HMACScheme(header: "", prefix: "v0=").decode)
    }

    // MARK: Values

    /// The values of all fields with these names, split at commas as a proxy may have joined them (RFC 9110 §5.3).
    private static func values(_ headers: [HeaderField], _ names: [String]) -> [Substring.UTF8View] {
        var values: [Substring.UTF8View] = []
        var bytes = 0
        for field in headers where names.contains(where: { ASCIIText.isSame($0, field.name) }) {
            bytes += field.value.utf8.count
            guard bytes <= bytesMax else { return [] }
            let value = Substring(field.value).utf8
            // Nearly always there is one.
            guard value.contains(UInt8(ascii: ",")) else {
                values.append(value)
                continue
            }
            values += value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
        return values.count > valuesMax ? [] : values.map(ASCIIText.trimmed)
    }

    /// The values, or none when they are too many or too long.
    private static func bounded(_ values: [Substring.UTF8View]) -> [Substring.UTF8View] {
        let bytes = values.reduce(0) { $0 + $1.count }
        return values.count > valuesMax || bytes > bytesMax ? [] : values
    }

    /// Whole seconds since 1970 in decimal digits.
    private static func seconds(_ text: Substring.UTF8View) -> Timestamp? {
        // Twelve digits last until the year 33658, and no product with a million overflows.
        guard (1...12).contains(text.count), text.allSatisfy(\.isDigit) else { return nil }
        return Int64(String(text) ?? "").map { Timestamp(seconds: $0) }
    }

    /// A value that can be stored and printed as it is, or `nil`.
    private static func plain(_ value: Substring.UTF8View?) -> String? {
        guard let value, value.count <= deliveryIDBytesMax, ASCIIText.isVisible(value) else { return nil }
        return String(value)
    }
}
