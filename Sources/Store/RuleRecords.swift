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

/// An operator's action with the time of its log entry.
package struct LoggedAction: Sendable, Equatable {
    package let at: Timestamp
    package let action: OperatorAction

    package init(at: Timestamp, action: OperatorAction) {
        self.at = at
        self.action = action
    }
}
