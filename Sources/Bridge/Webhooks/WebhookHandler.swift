import Events
import NIOCore
import NIOHTTP1
import Rendering
import Store

/// The last handler of a webhook connection: checks a request's head, collects its body, has the receiver judge and
/// store it, and answers.
///
/// There is no task and no suspended function behind a request: the store calls back after the commit. The edge before
/// it hands on one request at a time and refuses what comes too slowly. All of it runs on the connection's event loop.
final class WebhookHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    /// Where the present request stands.
    private enum Stage {
        /// There is none, or it has been answered.
        case idle
        /// Its body is being read. Exits: `refused` never; `answering` at its end, `idle` by a refusal.
        case reading
        /// Refused by its head, which has no body behind it: answered at its end, so that the connection can stay.
        case refused(ReceiverAnswer)
        /// Whole: being verified, or being stored. Exit: `idle`.
        case answering
    }

    /// The most room that is made for a body before it has come, in bytes: a head may promise anything.
    private static let reservedBytesMax = 64 << 10

    private let intake: WebhookIntake
    private let edge: EdgeHandler
    private let peer: IPAddress?
    private var stage = Stage.idle
    private var head: HTTPRequestHead?
    private var source = ""
    /// The token of the mail's link that is asked for; `nil` for a delivery.
    private var link: String?
    private var body: [UInt8] = []
    /// The length that the head gives the body, in bytes; 0 where it does not.
    private var bodyBytes = 0
    private var lease: BodyLease?
    /// Whether the body, now being stored, was an array of events.
    private var isArray = false
    /// Counts requests, so that a commit that comes too late answers none but its own.
    private var number: UInt64 = 0
    /// Whether the other side has sent its last byte; it may still wait for an answer.
    private var isInputClosed = false
    private var date = DateField()
    private var answers: AnswerQueue?
    /// Leads back to this handler from other threads; `nil` outside a pipeline.
    private var home: (loop: any EventLoop, handler: NIOLoopBound<WebhookHandler>)?

    /// - Parameters:
    ///   - edge: stands before this handler in the same pipeline.
    ///   - peer: the address of the other side.
    init(_ intake: WebhookIntake, edge: EdgeHandler, peer: IPAddress?) {
        self.intake = intake
        self.edge = edge
        self.peer = peer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        home = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
        answers = intake.answers(of: context.eventLoop)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        home = nil
        answers = nil
        forget()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): if case .reading = stage { take(bytes) }
        case .end:
            switch stage {
            case .reading: receive()
            case .refused(let refusal): answer(refusal)
            case .idle, .answering: break
            }
        }
    }

    /// Looks at a head in the order 404, 405, 413, 415.
    private func begin(_ head: HTTPRequestHead) {
        self.head = head
        number &+= 1
        let fields = RequestFields(head)
        let path = RequestTarget.path(of: head.uri)
        link = intake.links?.token(inPath: path)
        if link == nil, let refusal = refusal(of: head, at: path, fields) {
            // What follows is not read, so the connection ends with an answer before it.
            guard !fields.hasBody else { return answer(refusal) }
            stage = .refused(refusal)
            return
        }
        stage = .reading
        bodyBytes = fields.bodyBytes ?? 0
        lease = BodyLease(intake.budget)
        if fields.expectsContinue, fields.hasBody { edge.sayContinue() }
    }

    private func refusal(
        of head: HTTPRequestHead, at path: String, _ fields: RequestFields
    ) -> ReceiverAnswer? {
        guard let source = intake.sources.value.name(atPath: path) else {
            // A browser or a scanner that looks around is no sender with a wrong URL.
            if head.method == .POST { intake.receiver.noteUnknownPath(at: intake.clock.now()) }
            return .notFound
        }
        self.source = source
        guard head.method == .POST else { return .methodNotAllowed }
        if let bytes = fields.bodyBytes, bytes > intake.limits.bodyBytesMax { return .tooLarge }
        return fields.isEncoded ? .encoded : nil
    }

    private func take(_ bytes: ByteBuffer) {
        let count = bytes.readableBytes
        let most = link == nil ? intake.limits.bodyBytesMax : LinkDesk.bodyBytesMax
        guard body.count + count <= most else { return answer(.tooLarge) }
        guard lease?.take(count) ?? false else { return answer(.unavailable) }
        if body.isEmpty { body.reserveCapacity(min(max(count, bodyBytes), Self.reservedBytesMax)) }
        bytes.withUnsafeReadableBytes { body.append(contentsOf: $0) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (stage, error) {
        case (.reading, is EdgeFault): answer(.tooSlow)
        // The sender hung up or broke the framing.
        case (.reading, is HTTPParserError): answer(.malformed("body ended early"))
        default: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            if !edge.isServing { context.close(promise: nil) }
        case EdgeEvent.answerOverdue:
            guard case .answering = stage else { return }
            if link == nil {
                answer(intake.receiver.giveUp(source: source))
            } else {
                show(head?.method == .POST ? .unanswered : .unavailable)
            }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Answering

    /// Judges a whole request, a large one elsewhere, so that others of this loop need not wait for it.
    private func receive() {
        guard let head, let home else { return }
        stage = .answering
        if let link { return serve(link, head.method.rawValue, home) }
        let headers = head.headers.map { HeaderField(name: $0.name, value: $0.value) }
        let request = InboundRequest(
            source: source, headers: headers, body: body, receivedAt: intake.clock.now(),
            sender: ClientAddress.of(peer: peer, headers: headers, trusted: intake.sources.value.trustedProxies))
        body = []
        let receiver = intake.receiver
        guard request.body.count > Receiver.verifiedInPlaceBytesMax else { return follow(receiver.judge(request)) }
        let number = number
        Task.detached {
            let verdict = receiver.judge(request)
            home.loop.execute { home.handler.value.follow(verdict, of: number) }
        }
    }

    private func follow(_ verdict: Receiver.Verdict, of number: UInt64) {
        guard isWaiting(for: number) else { return }
        follow(verdict)
    }

    private func follow(_ verdict: Receiver.Verdict) {
        switch verdict {
        case .answer(let refusal): answer(refusal)
        case .store(let delivery): store(delivery)
        }
    }

    /// Has the events stored; whichever comes first, the commit or the end of our patience, is answered.
    private func store(_ delivery: VerifiedDelivery) {
        guard let home, let answers else { return }
        edge.expectAnswer(within: .seconds(Int64(Receiver.commitSecondsMax)))
        let number = number
        isArray = delivery.isArray
        intake.receiver.store(delivery, holding: lease) { outcome in
            answers.answer { home.handler.value.commitEnded(outcome, of: number) }
        }
        lease = nil
    }

    private func commitEnded(_ outcome: Result<[Appended], StoreError>, of number: UInt64) {
        guard isWaiting(for: number) else { return }
        answer(intake.receiver.answer(to: outcome, isArray: isArray, source: source))
    }

    private func isWaiting(for number: UInt64) -> Bool {
        guard case .answering = stage, number == self.number else { return false }
        return true
    }

    /// Has a link's page made elsewhere, for the store is asked.
    private func serve(
        _ token: String, _ method: String, _ home: (loop: any EventLoop, handler: NIOLoopBound<WebhookHandler>)
    ) {
        guard let links = intake.links else { return show(.unknown) }
        body = []
        edge.expectAnswer(within: .seconds(Int64(Receiver.commitSecondsMax)))
        let number = number
        Task.detached {
            let page = await links.page(for: token, method: method)
            home.loop.execute {
                guard home.handler.value.isWaiting(for: number) else { return }
                home.handler.value.show(page)
            }
        }
    }

    private func show(_ page: LinkPage) { answer(page.bytes) }

    private func answer(_ answer: ReceiverAnswer) { self.answer(answer.bytes) }

    /// Writes what `bytes` makes of a date, of what is said about the connection, and of whether there is a body.
    private func answer(_ bytes: (String, ReceiverAnswer.Persistence, Bool) -> ByteBuffer) {
        let head = head
        // First: writing an answer may hand on the next request before it returns.
        forget()
        let date = date.value(at: intake.clock.now())
        edge.answer(saysClose: isInputClosed) { isLast in
            let stays = head?.version == .http1_0 ? ReceiverAnswer.Persistence.announced : .assumed
            return bytes(date, isLast ? .ended : stays, head?.method != .HEAD)
        }
    }

    private func forget() {
        stage = .idle
        head = nil
        link = nil
        body = []
        lease = nil
    }
}
