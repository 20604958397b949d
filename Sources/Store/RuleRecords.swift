package import Events
package import Rules

/// A rule set as the log has it.
package struct StoredRuleSet: Sendable, Equatable {
    /// 64 hexadecimal digits: `RuleSet.hash`.
    package let hash: String
    /// One line of JSON: `RuleSet.text`.
    package let text: String

    package init(hash: String, text: String) {
        self.hash = hash
        self.text = text
    }
}

/// How often a rule matched, in the decisions that are kept.
package struct RuleCount: Sendable, Equatable {
    package let rule: String
    /// Matches that became mails.
    package let notified: Int64
    /// Matches whose mail was held back.
    package let suppressed: Int64
    /// Events on which the condition failed.
    package let faulted: Int64
    /// Engine time of the latest of all these.
    package let latest: Timestamp

    package init(rule: String, notified: Int64, suppressed: Int64, faulted: Int64, latest: Timestamp) {
        self.rule = rule
        self.notified = notified
        self.suppressed = suppressed
        self.faulted = faulted
        self.latest = latest
    }
}

/// A log entry that changes which silences are in force, or for how long.
package struct SilenceChange: Sendable, Equatable {
    /// What it does.
    package enum Effect: Sendable, Equatable {
        case action(OperatorAction)
        /// The wall clock was set, and silences move with it.
        case clockStep(by: Duration)
    }

    /// The time of the entry.
    package let at: Timestamp
    package let effect: Effect

    package init(at: Timestamp, effect: Effect) {
        self.at = at
        self.effect = effect
    }

    /// What a change of the log does to silences, or `nil` where it leaves them alone.
    init?(at: Timestamp, change: LogEntry.Change) {
        switch change {
        case .operatorAction(let action) where action.isAboutSilence: self.init(at: at, effect: .action(action))
        case .clockStep(let step): self.init(at: at, effect: .clockStep(by: step))
        default: return nil
        }
    }
}
