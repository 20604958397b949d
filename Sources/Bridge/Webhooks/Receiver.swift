package import Events
package import Logging
package import Store

/// Verifies a request, stores its events and says what to answer. Knows no rules and no HTTP library.
package struct Receiver: Sendable {
    /// How long a request waits for its commit before it is told to come back, in seconds.
    package static let commitSecondsMax = 5
    /// What `Retry-After` says with a 503, in seconds.
    package static let retryAfterSeconds = 30

    /// A body of more bytes should be judged on the shared pool: it takes as long as many small ones, and whoever
    /// shares the caller's thread would wait.
    package static let verifiedInPlaceBytesMax = 256 << 10

    /// How many paths are named to whoever looks for the right one.
    static let pathsNamedMax = 20

    private let sources: Current<SourceTable>
    private let store: any Store
    private let evaluatorBell: Doorbell
    private let log: Logger
    private let refusals = RefusalCount()
    private let refused: RefusedDeliveries?

    /// - Parameters:
    ///   - sources: says how a source's deliveries are verified.
    ///   - evaluatorBell: rung after every commit that stored something.
    ///   - refused: takes what does not verify, where the operator wants it kept.
    package init(
        sources: Current<SourceTable>, store: any Store, evaluatorBell: Doorbell,
        refused: RefusedDeliveries? = nil, log: Logger
    ) {
        self.sources = sources
        self.store = store
        self.evaluatorBell = evaluatorBell
        self.refused = refused
        self.log = log
    }

    /// What a request's signature and body come to.
    package enum Verdict: Sendable {
        /// There is nothing to store, and this to say.
        case answer(ReceiverAnswer)
        /// Events to be stored.
        case store(VerifiedDelivery)
    }

    /// The first half of receiving: verifies. Takes as long as the body is large.
    package func judge(_ request: InboundRequest) -> Verdict {
        guard let verifier = sources.value.verifier(of: request.source) else { return .answer(.unverified) }
        let delivery: VerifiedDelivery
        do {
            delivery = try verifier.verify(request)
        } catch {
            switch error {
            case .unverified:
                noteRefusal(of: request, by: verifier)
                refused?.keep(request)
                return .answer(.unverified)
            case .malformed(let reason):
                log.warning(
                    "signed request refused: body is no event",
                    metadata: ["source": "\(request.source)", "reason": "\(reason)"])
                return .answer(.malformed(reason))
            }
        }
        guard let greeting = delivery.greeting else { return .store(delivery) }
        log.info("greeting answered", metadata: ["source": "\(request.source)"])
        return .answer(.greeting(greeting))
    }

    /// The second half: append, COMMIT. `lease` is held until the store has let go of the body, also when nobody waits
    /// for it any more.
    ///
    /// - Parameter done: is called once, on the store's thread, for which all senders wait: it must not block.
    package func store(
        _ delivery: VerifiedDelivery, holding lease: BodyLease?,
        then done: @escaping @Sendable (Result<[Appended], StoreError>) -> Void
    ) {
        store.append(delivery.events) { result in
            lease?.giveBack()
            if case .success = result { evaluatorBell.ring() }
            done(result)
        }
    }

    /// What a sender is told of the outcome of `store`.
    package func answer(
        to outcome: Result<[Appended], StoreError>, isArray: Bool, source: String
    ) -> ReceiverAnswer {
        switch outcome {
        case .success(let appended): return isArray ? .array(appended) : .single(appended)
        case .failure(let error):
            log.error(
                "event not acknowledged: the store refused",
                metadata: ["source": "\(source)", "error": "\(error.shortDescription)"])
            return .unavailable
        }
    }

    /// What a sender is told whose events were not stored within `commitSecondsMax`. They may be later.
    package func giveUp(source: String) -> ReceiverAnswer {
        log.error("event not acknowledged: the store is slow", metadata: ["source": "\(source)"])
        return .unavailable
    }

    /// Tells the log of a request to a path of no source, which a wrong URL at the sender makes: the first of a minute,
    /// with how many there were before and which paths there are. Not the path that was asked for, which is a
    /// stranger's text and may hold a secret.
    package func noteUnknownPath(at now: Timestamp) {
        guard let before = refusals.note(source: nil, at: now) else { return }
        let paths = sources.value.paths.prefix(Self.pathsNamedMax).joined(separator: ",")
        log.notice(
            "request refused: no source has its path",
            metadata: ["paths": "\(paths)", "unlogged_before": .stringConvertible(before)])
    }

    /// What the doctor says of a request that was kept, by the verifiers in force.
    func diagnosis(of request: InboundRequest) -> Diagnosis {
        SignatureDoctor(sources.value.allVerifiers).examine(request)
    }

    /// The first of a minute is logged, with how many there were before: strangers must not fill the disk with our log.
    private func noteRefusal(of request: InboundRequest, by verifier: SignatureVerifier) {
        guard let before = refusals.note(source: request.source, at: request.receivedAt) else { return }
        let metadata: Logger.Metadata = [
            "source": "\(request.source)", "unlogged_before": .stringConvertible(before),
        ]
        if verifier.mayCome(request.sender) {
            log.notice("request refused: signature does not match", metadata: metadata)
        } else {
            log.notice("request refused: its address is none of the source's `allow`", metadata: metadata)
        }
    }
}

/// What a sender is told: a status code and a constant or counted body, never a word of what it sent but for Slack's
/// challenge.
package struct ReceiverAnswer: Sendable, Equatable {
    /// The HTTP status code.
    package let status: Int
    /// A JSON text.
    package let body: String
    /// The value of `Retry-After` in seconds, with 503.
    package let retryAfterSeconds: Int?

    package init(status: Int, body: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.body = body
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// 401: one constant answer for everything that does not verify.
    package static let unverified = ReceiverAnswer(status: 401, body: #"{"error":"signature does not match"}"#)

    /// 404: no source has this path.
    package static let notFound = ReceiverAnswer(status: 404, body: #"{"error":"no such path"}"#)

    /// 405: a source's path takes POST only.
    package static let methodNotAllowed = ReceiverAnswer(status: 405, body: #"{"error":"use POST"}"#)

    /// 408: the body came too slowly.
    package static let tooSlow = ReceiverAnswer(status: 408, body: #"{"error":"request too slow"}"#)

    /// 413: the body is larger than the limit.
    package static let tooLarge = ReceiverAnswer(status: 413, body: #"{"error":"body too large"}"#)

    /// 415: compressed bodies are refused, because a small one may unfold to any size.
    package static let encoded = ReceiverAnswer(
        status: 415, body: #"{"error":"Content-Encoding is not supported"}"#)

    /// 503: the store is slow, full or down; the sender should come back.
    package static let unavailable = ReceiverAnswer(
        status: 503, body: #"{"error":"try again later"}"#, retryAfterSeconds: Receiver.retryAfterSeconds)

    /// 400: the signature was right and the body holds no event; `reason` is a constant text.
    package static func malformed(_ reason: String) -> ReceiverAnswer {
        ReceiverAnswer(status: 400, body: #"{"error":"\#(reason)"}"#)
    }

    /// 200 for what only tries the connection. Slack wants its own challenge back; it has been bounded before.
    package static func greeting(_ greeting: Greeting) -> ReceiverAnswer {
        switch greeting {
        case .ping: return ReceiverAnswer(status: 200, body: #"{"status":"pong"}"#)
        case .challenge(let text):
            var object = JSONObject()
            object["challenge"] = .string(text)
            return ReceiverAnswer(status: 200, body: JSONValue.object(object).text)
        }
    }

    /// 200 for one event.
    package static func single(_ appended: [Appended]) -> ReceiverAnswer {
        guard let first = appended.first else { return .malformed("no event in the body") }
        // Not by interpolation, which makes four texts of it: this is what nearly every answer is.
        var body = ""
        body.reserveCapacity(64)
        body += #"{"status":""#
        body += first.word
        body += #"","id":""#
        body += String(first.id)
        body += #""}"#
        return ReceiverAnswer(status: 200, body: body)
    }

    /// 200 for an array: `accepted` when any element was new, else `revision` when any was one.
    package static func array(_ appended: [Appended]) -> ReceiverAnswer {
        let words = appended.map(\.word)
        let status = ["accepted", "revision"].first(where: words.contains) ?? "duplicate"
        let ids = appended.map { "\"\($0.id)\"" }.joined(separator: ",")
        let duplicates = words.count { $0 == "duplicate" }
        return ReceiverAnswer(
            status: 200, body: #"{"status":"\#(status)","ids":[\#(ids)],"duplicates":\#(duplicates)}"#)
    }
}

extension Appended {
    /// The word for it in an answer.
    var word: String {
        switch self {
        case .stored: "accepted"
        case .duplicate: "duplicate"
        case .revision: "revision"
        }
    }
}
