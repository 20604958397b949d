import NIOCore
import Synchronization

/// What all connections of the webhook listener share.
final class WebhookIntake: Sendable {
    let sources: Current<SourceTable>
    let receiver: Receiver
    let limits: HTTPLimits
    let budget: BodyBudget
    let clock: any WallClock
    /// Serves the links of mails, where there are any.
    let links: LinkDesk?

    /// By event loop.
    private let queues = Mutex<[ObjectIdentifier: AnswerQueue]>([:])

    init(
        sources: Current<SourceTable>, receiver: Receiver, links: LinkDesk?, limits: HTTPLimits, clock: any WallClock
    ) {
        self.sources = sources
        self.receiver = receiver
        self.limits = limits
        self.budget = BodyBudget(bytesMax: limits.bodiesInFlightBytesMax)
        self.clock = clock
        self.links = links
    }

    /// The queue of answers of an event loop. There are as many as loops.
    func answers(of loop: any EventLoop) -> AnswerQueue {
        queues.withLock { queues in
            if let queue = queues[ObjectIdentifier(loop)] { return queue }
            let queue = AnswerQueue(on: loop)
            queues[ObjectIdentifier(loop)] = queue
            return queue
        }
    }
}
