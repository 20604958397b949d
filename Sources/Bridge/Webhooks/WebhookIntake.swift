import NIOCore

/// What all connections of the webhook listener share.
final class WebhookIntake: Sendable {
    let sources: Current<SourceTable>
    let receiver: Receiver
    let limits: HTTPLimits
    let budget: BodyBudget
    let clock: any WallClock
    /// Serves the links of mails, where there are any.
    let links: LinkDesk?

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
}
