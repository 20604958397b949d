import Rules
import Store

/// What one transaction of the evaluator takes over.
struct EvaluationBatch {
    var evaluation: Evaluation
    var notifications: [Notification] = []
    /// How many mails the notifications become.
    var deliveries = 0
    /// How many notifications wait for a body.
    var bodies = 0
    /// How many notifications may get a breakdown.
    var breakdowns = 0
    /// The hash of the rule set whose entry ended the batch.
    var ruleSetPassed: String?

    init(evaluation: Evaluation) {
        self.evaluation = evaluation
    }

    /// Whether it takes no further entry.
    var isFull: Bool {
        deliveries >= Evaluator.batchDeliveriesMax || bodies >= ContentLookup.batchBodiesMax
            || breakdowns >= BreakdownLookup.batchMax
    }

    mutating func take(_ output: EngineOutput) {
        evaluation.decisions += output.decisions
        notifications += output.notifications
        deliveries += output.notifications.reduce(0) { $0 + $1.recipients.count }
        breakdowns += output.notifications.count { $0.figures.window != nil || $0.reason == .digest }
        if output.notifications.contains(where: { !$0.awaitedContent.isEmpty }) { bodies += 1 }
    }
}
