import Events
package import Logging
package import Rendering
import Rules
package import Store

/// Serves the links of mails. Reading one shows what it would do, posting to it does that: what looks links up on their
/// way, and every mail gateway has something that does, changes nothing. Each act is an entry of the log.
package struct LinkDesk: Sendable {
    /// Makes and reads links, while the configuration has a `public_url`, and knows what no page may show.
    let composer: Current<Composer>
    private let store: any Store
    private let evaluatorBell: Doorbell
    private let clock: any WallClock
    private let log: Logger
    /// One act at a time, so that a form that is sent twice at once acts once.
    private let acts = SerialQueue()

    /// How long a link holds mails back, in seconds.
    static let snoozeSeconds: Int64 = 3_600
    /// The longest body of a request that is read, in bytes; none of it means anything.
    static let bodyBytesMax = 8 << 10

    /// - Parameter evaluatorBell: rung when something was held back.
    package init(
        composer: Current<Composer>, store: any Store, evaluatorBell: Doorbell, clock: any WallClock, log: Logger
    ) {
        self.composer = composer
        self.store = store
        self.evaluatorBell = evaluatorBell
        self.clock = clock
        self.log = log
    }

    /// What stands behind `/m/` in a path, with or without the path of `public_url` before it; `nil` for a path that no
    /// link has.
    func token(inPath path: String) -> String? {
        // Almost every request is a delivery: it is told by its path alone.
        guard Self.leadsToLinks(path.utf8), let signer = composer.value.links else { return nil }
        for prefix in [signer.basePath + LinkSigner.path, LinkSigner.path] where path.hasPrefix(prefix) {
            return String(path.dropFirst(prefix.count))
        }
        return nil
    }

    private static func leadsToLinks(_ path: String.UTF8View) -> Bool {
        var before: (UInt8, UInt8) = (0, 0)
        for byte in path {
            if byte == UInt8(ascii: "/"), before == (UInt8(ascii: "/"), UInt8(ascii: "m")) { return true }
            before = (before.1, byte)
        }
        return false
    }

    /// The page that answers a request for a token.
    func page(for token: String, method: String) async -> LinkPage {
        guard ["GET", "HEAD", "POST"].contains(method) else { return .methodNotAllowed }
        let composer = composer.value
        guard let signer = composer.links, let token = signer.token(token) else { return .unknown }
        let now = clock.now()
        guard now < token.expires else { return .expired }
        do throws(StoreError) {
            let mails = try await store.deliveries(ofNotification: token.notification)
            guard let notification = mails.first?.notification, notification.at == token.decidedAt else {
                return .expired
            }
            let shown = notification.redacted(by: composer.redaction)
            guard method == "POST", token.action != .details else {
                return .question(token, signer, about: shown)
            }
            guard let wanted = Self.silence(token, notification, now: now) else { return .impossible }
            return .answer(
                token, about: shown,
                silence: try await acts.run { () throws(StoreError) in
                    try await add(wanted, token, now: now)
                })
        } catch {
            log.error(
                "store refused a link", metadata: ["action": "\(token.action)", "error": "\(error.shortDescription)"])
            if case .notAllowed = error { return .impossible }
            return .unavailable
        }
    }

    /// The silence, or the one that the same link has made before: a form may be sent twice.
    private func add(_ wanted: SilenceRequest, _ token: LinkToken, now: Timestamp) async throws(StoreError) -> Silence {
        let active = try await store.silences(at: now).all
        if let made = active.first(where: {
            $0.condition == wanted.condition && $0.recipient == wanted.recipient && $0.author == wanted.author
        }) {
            return made
        }
        let silence = try await store.add(wanted, now: now)
        log.notice(
            "mails held back by a link",
            metadata: ["action": "\(token.action)", "silence": "\(silence.id)", "mail": "\(token.notification)"])
        evaluatorBell.ring()
        return silence
    }

    private static func silence(_ token: LinkToken, _ notification: Notification, now: Timestamp) -> SilenceRequest? {
        guard notification.recipients.indices.contains(token.recipient) else { return nil }
        let recipient = notification.recipients[token.recipient]
        let reason = "by a link of mail \(notification.id)"
        switch token.action {
        case .details: return nil
        case .snooze:
            guard let condition = Silence.condition(for: notification) else { return nil }
            return SilenceRequest(
                condition: condition, until: now.advanced(by: .seconds(snoozeSeconds)), author: recipient,
                reason: reason)
        case .unsubscribe:
            guard let condition = Silence.condition(forRuleOf: notification) else { return nil }
            return SilenceRequest(
                condition: condition, until: now.advanced(by: Silence.recipientSpanMax), author: recipient,
                reason: reason, recipient: recipient)
        }
    }
}
