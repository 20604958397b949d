import NIOCore

extension EdgeHandler {
    /// Sees to it that the connection's one timer goes off no later than the deadline that holds now.
    ///
    /// It may go off earlier: then it is set anew. So a connection in use sets a timer every few seconds and not
    /// several times a request.
    func arm(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        let deadline = deadline()
        if let timer {
            guard deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timer = nil
            handler.expire(context)
        }
        timer = (task, deadline)
    }

    /// Sets the timer aside.
    func disarm() {
        timer?.task.cancel()
        timer = nil
    }

    /// Until when what is awaited must have come, or the answer must be out: the other side may not read it.
    private func deadline() -> NIODeadline {
        guard let overdueAt else { return readingDeadline() }
        return min(overdueAt, readingDeadline())
    }

    private func readingDeadline() -> NIODeadline {
        switch reading {
        case .nothing:
            guard !isServing else { return servingSince + .seconds(limits.answerSecondsMax) }
            return idleSince
                + (isDraining ? .milliseconds(limits.drainMilliseconds) : .seconds(idleSecondsMax))
        case .head(let since):
            return since + .seconds(limits.headerSecondsMax)
        case .body(let since, let bytes):
            let earned = limits.bodyGraceSeconds * 1_000 + bytes * 1_000 / max(1, limits.bodyBytesPerSecondMin)
            return since + .milliseconds(min(earned, limits.bodySecondsMax * 1_000))
        }
    }

    private func expire(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        // What came meanwhile has moved it.
        guard deadline() <= .now() else { return arm(context) }
        if let overdueAt, overdueAt <= .now() {
            self.overdueAt = nil
            context.fireUserInboundEventTriggered(EdgeEvent.answerOverdue)
            return arm(context)
        }
        switch reading {
        case .nothing:
            context.close(promise: nil)
        case .head:
            refuse(.tooSlow, context)
        case .body:
            guard waiting.isEmpty else { return refuse(.tooSlow, context) }
            // An answer is under way before its request has ended: there is nothing left to say.
            guard !isAnswering else { return context.close(promise: nil) }
            failBody(EdgeFault.tooSlow, context)
        }
    }
}
