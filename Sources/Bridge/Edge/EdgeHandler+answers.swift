import NIOCore

/// For whoever answers in whole answers, which are bytes: they need no encoder.
extension EdgeHandler {
    /// Writes the answer to the request that is being served, unless nobody waits for one any more.
    ///
    /// - Parameters:
    ///   - saysClose: whether the answer is to end the connection in any case.
    ///   - bytes: makes the whole answer; is told whether it ends the connection, which it must say.
    func answer(saysClose: Bool, _ bytes: (_ isLast: Bool) -> ByteBuffer) {
        overdueAt = nil
        // Never a second answer for one request.
        guard !isDone, isServing, let place, let wire else { return }
        isLastAnswer = isLast(saysClose: saysClose)
        wire.writeAndFlush(NIOAny(bytes(isLastAnswer)), promise: nil)
        isServing = false
        proceed(place)
    }

    /// Tells the other side to go on with its body (RFC 9110 §10.1.1).
    func sayContinue() {
        guard !isDone, isServing, let wire else { return }
        wire.writeAndFlush(NIOAny(Self.continueBytes), promise: nil)
    }

    private static let continueBytes = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

    /// Asks for `EdgeEvent.answerOverdue` when there is no answer until then. The connection's one timer sees to it.
    func expectAnswer(within time: TimeAmount) {
        guard let place else { return }
        overdueAt = .now() + time
        arm(place)
    }
}
