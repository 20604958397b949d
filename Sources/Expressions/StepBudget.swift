/// What an evaluation may still spend. Running dry is a fault, so that no expression can hold up the next event.
struct StepBudget: Sendable {
    private(set) var stepsLeft = ExpressionLimits.stepsMax

    var isSpent: Bool { stepsLeft < 0 }

    /// Takes `steps` and says whether there were that many.
    @inline(__always)
    mutating func take(_ steps: Int = 1) -> Bool {
        stepsLeft &-= steps
        return stepsLeft >= 0
    }

    /// Pays for work on `bytes` bytes of text: one step for every 64.
    mutating func pay(bytes: Int) throws(EvaluationFault) {
        guard take(1 + bytes / 64) else { throw Self.fault }
    }

    /// Pays for work on `count` elements.
    mutating func pay(elements count: Int) throws(EvaluationFault) {
        guard take(1 + count / 8) else { throw Self.fault }
    }

    /// Pays for making a result of `bytes` bytes, which must not be longer than `ExpressionLimits.resultBytesMax`.
    mutating func pay(resultBytes bytes: Int) throws(EvaluationFault) {
        guard bytes <= ExpressionLimits.resultBytesMax else {
            throw EvaluationFault(
                .budget, "a result is longer than \(ExpressionLimits.resultBytesMax) bytes, the most that is allowed"
            )
        }
        try pay(bytes: bytes)
    }

    static let fault = EvaluationFault(
        .budget, "the expression takes more than \(ExpressionLimits.stepsMax) steps, the most that is allowed"
    )
}
