import NIOCore
import NIOHTTP1

/// Stands between the HTTP parser and everything behind it: holds the deadlines of a connection, refuses requests whose
/// end is in doubt, hands on one request at a time, and sees to it that each has one answer and that nothing follows
/// the last one.
///
/// All of it runs on the connection's event loop.
final class EdgeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What is being read.
    enum Reading {
        /// Nothing: between requests.
        case nothing
        /// A head, since `since`.
        case head(since: NIODeadline)
        /// A body, since `since`, of which `bytes` have come.
        case body(since: NIODeadline, bytes: Int64)
    }

    let limits: HTTPLimits
    let idleSecondsMax: Int64
    var reading = Reading.nothing
    /// What came behind the request that is being answered: it is handed on after that, and thrown away if the answer
    /// turns out to be the last.
    var waiting = WaitingRequests()
    /// Whether a request has been handed on and its answer is not written.
    var isServing = false
    /// Since when a request is being answered.
    var servingSince = NIODeadline.now()
    /// Whether the head of the present answer is written and its end is not.
    var isAnswering = false
    /// Whether the present answer ends the connection.
    var isLastAnswer = false
    /// Whether the request that came last is the last one taken.
    var isLastRequest = false
    /// What to say after all requests taken, in place of a further one.
    var refusal: EdgeRefusal?
    /// Whether the last answer is written: what still comes is thrown away.
    var isDone = false
    /// Whether the server ends.
    var isDraining = false
    /// Since when nothing is read and nothing is to be answered.
    var idleSince = NIODeadline.now()
    /// Until when whoever answers wants to be told that there is no answer yet.
    var overdueAt: NIODeadline?
    /// The connection's timer and when it goes off.
    var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    /// The place of the edge in the pipeline, while it has one.
    var place: ChannelHandlerContext?
    /// The place of the gate in the same pipeline: bytes that are written there go out as they are.
    var wire: ChannelHandlerContext?

    /// - Parameter idleSecondsMax: how long this connection may be silent.
    init(limits: HTTPLimits, idleSecondsMax: Int64) {
        self.limits = limits
        self.idleSecondsMax = idleSecondsMax
    }

    func handlerAdded(context: ChannelHandlerContext) {
        place = context
        arm(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        place = nil
        disarm()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isDone = true
        disarm()
        context.fireChannelInactive()
    }

    // MARK: Inbound

    /// Bytes have come; told before the parser sees them. Returns whether it may.
    func take(bytes: Int) -> Bool {
        guard !isDone, refusal == nil, let place else { return false }
        switch reading {
        case .nothing:
            guard !isLastRequest else { return false }
            reading = .head(since: .now())
            arm(place)
        case .head: break
        case .body(let since, let before): reading = .body(since: since, bytes: before + Int64(bytes))
        }
        return true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone, refusal == nil else { return }
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let head):
            // The last request has been taken: what follows it is nobody's.
            guard !isLastRequest else { return }
            guard RequestFraming.isSound(head) else { return refuse(.malformed, context) }
            isLastRequest = !head.isKeepAlive || isDraining || waiting.isFull
            reading = .body(since: .now(), bytes: 0)
            arm(context)
        case .body:
            guard case .body = reading else { return }
        case .end:
            guard case .body = reading else { return }
            reading = .nothing
        }
        if waiting.take(part, isServing: isServing) { return }
        if !isServing { serve() }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDone, refusal == nil else { return }
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        // The parser minds bytes behind the last request; they are nobody's.
        if isLastRequest, case .nothing = reading { return }
        if case .body = reading, waiting.isEmpty {
            failBody(error, context)
        } else {
            refuse(EdgeRefusal(error), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isDraining = true
            if case .head = reading {} else if isServing { isLastRequest = true }
            idleSince = .now()
            return arm(context)
        }
        if let event = event as? ChannelEvent, event == .inputClosed {
            // The other side has sent its last byte and has had our last answer.
            if isDone { return context.close(promise: nil) }
            // Whoever is told now would not wait for what waits here.
            if waiting.hold(event) { return }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        // What waits is handed on first: nobody can fill the memory with requests.
        if waiting.isEmpty || isDone { context.read() } else { waiting.isReadHeld = true }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Never a second answer for one request.
        guard !isDone, isServing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isAnswering = true
            isLastAnswer = isLast(saysClose: head.saysClose)
            guard isLastAnswer else { return context.write(data, promise: promise) }
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            isAnswering = false
            isServing = false
            proceed(context)
        }
    }

    /// Whether an answer ends the connection: it says so, nothing is to follow, or its request is not read to its end.
    func isLast(saysClose: Bool) -> Bool {
        guard waiting.isEmpty else { return saysClose }
        if case .body = reading { return true }
        return saysClose || (isLastRequest && refusal == nil)
    }

    /// What comes after an answer.
    func proceed(_ context: ChannelHandlerContext) {
        if isLastAnswer { return finish(context) }
        if !waiting.isEmpty { return serveNext(context) }
        if let refusal { return say(refusal, context) }
        if isLastRequest, case .nothing = reading { return finish(context) }
        idleSince = .now()
        arm(context)
    }

    private func serve() {
        isServing = true
        servingSince = .now()
    }

    private func serveNext(_ context: ChannelHandlerContext) {
        serve()
        for part in waiting.next() { context.fireChannelRead(wrapInboundOut(part)) }
        context.fireChannelReadComplete()
        guard waiting.isEmpty else { return }
        let held = waiting.release()
        if let event = held.event { context.fireUserInboundEventTriggered(event) }
        if held.isReadHeld { context.read() }
    }

    // MARK: Ending

    /// Says no to what is being read, after the answers under way, and ends the connection.
    func refuse(_ refusal: EdgeRefusal, _ context: ChannelHandlerContext) {
        if case .body = reading { waiting.dropLast() }
        reading = .nothing
        self.refusal = refusal
        if !isServing { say(refusal, context) }
    }

    /// Ends the body of the request that is being answered: whoever reads it answers, and that is the last answer.
    func failBody(_ error: any Error, _ context: ChannelHandlerContext) {
        reading = .nothing
        isLastRequest = true
        context.fireErrorCaught(error)
    }

    private func say(_ refusal: EdgeRefusal, _ context: ChannelHandlerContext) {
        wire?.write(NIOAny(refusal.bytes), promise: nil)
        finish(context)
    }

    /// Sends what is written and closes our side; the other side gets a moment to read it before a reset could
    /// overtake it.
    private func finish(_ context: ChannelHandlerContext) {
        isDone = true
        waiting.removeAll()
        disarm()
        context.flush()
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .milliseconds(limits.lingerMilliseconds)) { channel.close(promise: nil) }
        context.read()
    }
}

extension HTTPResponseHead {
    /// Whether the answer's own fields end the connection.
    fileprivate var saysClose: Bool {
        headers.contains { name, value in
            name.utf8.count == 10 && name.lowercased() == "connection" && value.lowercased() == "close"
        }
    }
}
