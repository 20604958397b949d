/// A request by which a sender tries the connection: it is answered and is no event.
package enum Greeting: Sendable, Equatable {
    /// Slack's `url_verification`, answered with its own challenge.
    case challenge(String)
    /// GitHub's `ping`.
    case ping

    /// A longer challenge is no challenge, in bytes; Slack's have about 52.
    static let challengeBytesMax = 200

    /// What is said of a challenge that cannot be answered.
    static let unfitChallenge = "the challenge is no plain text of at most 200 characters"

    /// The greeting that a verified request is, or `nil` when it is an event.
    static func of(
        _ document: JSONDocument, _ scheme: SignatureScheme, eventType: String?
    ) throws(Refusal) -> Greeting? {
        switch scheme {
        case .github where eventType == "ping": return .ping
        case .slack:
            guard let type = document.member("type", of: 0), document.nodes[type].kind == .string,
                document.isText(document.nodes[type], equalTo: "url_verification")
            else { return nil }
            guard let member = document.member("challenge", of: 0), document.nodes[member].kind == .string else {
                throw .malformed(unfitChallenge)
            }
            let challenge = document.text(document.nodes[member], bytesMax: challengeBytesMax + 4)
            guard (1...challengeBytesMax).contains(challenge.count), ASCIIText.isVisible(challenge) else {
                throw .malformed(unfitChallenge)
            }
            return .challenge(String(decoding: challenge, as: UTF8.self))
        default: return nil
        }
    }
}
