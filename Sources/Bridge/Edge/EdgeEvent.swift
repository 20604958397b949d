/// What the edge tells whoever answers, as a user event of the pipeline.
enum EdgeEvent: Sendable {
    /// The time that was given with `expectAnswer` is over, and there is no answer.
    case answerOverdue
}
