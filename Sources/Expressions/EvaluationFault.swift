/// Why an expression has no value for an event. The text names types and functions, never a value of the event.
package struct EvaluationFault: Error, Sendable, Equatable {
    /// The class of a fault.
    package enum Kind: String, Sendable {
        /// A field that the expression needs is not in the event. A rule takes this as "does not match".
        case absent
        /// An operator or function met a type it does not take.
        case type
        /// A whole number left its 64 bits, or a point in time or a duration its range.
        case overflow
        case divisionByZero = "division_by_zero"
        /// A map made by the expression has no such key.
        case key
        /// An index or offset lies outside of a list or text.
        case range
        /// A text that cannot be converted, a malformed format, an unknown time zone.
        case argument
        /// A regular expression computed from the event cannot be compiled.
        case pattern
        /// More steps than `ExpressionLimits.stepsMax`, or a result longer than `resultBytesMax`.
        case budget
        /// A name or function that nothing stands for; only where names are not checked when compiling.
        case unknown
    }

    package var kind: Kind
    /// What happened, in one sentence without a full stop.
    package var message: String
    /// Where in the file the failing part begins, once the program has added it.
    package var position: SourcePosition?
    /// The node of the plan that failed, until the program turns it into a position.
    var node: Int32 = -1

    package init(_ kind: Kind, _ message: String, position: SourcePosition? = nil) {
        self.kind = kind
        self.message = message
        self.position = position
    }

    /// The same fault, said to have happened at `node` if it has no place yet.
    func at(_ node: Int32) -> EvaluationFault {
        guard self.node < 0 else { return self }
        var fault = self
        fault.node = node
        return fault
    }

    /// Equal kind, text and place; which node of a plan it was does not count.
    package static func == (lhs: EvaluationFault, rhs: EvaluationFault) -> Bool {
        lhs.kind == rhs.kind && lhs.message == rhs.message && lhs.position == rhs.position
    }
}

/// What a rule's condition says about one event. A rule fires on `yes` and on nothing else.
package enum Verdict: Sendable, Equatable {
    case yes
    case no
    /// Neither true nor false, because a field is not in the event: the rule stays quiet.
    case absent
    /// The condition failed on this event: the rule stays quiet, and the fault is shown to the operator.
    case fault(EvaluationFault)
}
