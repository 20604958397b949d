import Mail

/// A message on its way to a transport's thread, and the caller that waits for the reply.
struct DeliveryJob: Sendable {
    let message: Message
    /// Resumed exactly once: with the reply, or by the shutdown that found the job not begun.
    let continuation: CheckedContinuation<Reply, Never>

    /// The reply to a job that a shutdown came before.
    static let notBegun = Reply(
        classification: .notAttempted, text: "Not begun: Hookmail is shutting down.", reason: .shutdown)
}
