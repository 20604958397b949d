/// How one of several mail servers stands.
package struct MailServerStanding: Sendable, Equatable {
    /// That mails go past the server, and why.
    package struct Avoidance: Sendable, Equatable {
        /// `host` when it cannot be reached or is unwell, `configuration` when it refuses our configuration.
        package let classification: ReplyClass
        /// What was wrong the last time; `nil` when no more is known than the class.
        package let reason: ReplyReason?
        /// How long mails have gone past it.
        package let age: Duration
        /// How long it has been failing: from the first of its failures to the last. A server that nobody has tried
        /// since may be well again.
        package let failing: Duration
        /// How long until a mail tries it again; `nil` when the next one does, or one does at this moment.
        package let remaining: Duration?

        package init(
            classification: ReplyClass, reason: ReplyReason?, age: Duration, failing: Duration, remaining: Duration?
        ) {
            self.classification = classification
            self.reason = reason
            self.age = age
            self.failing = failing
            self.remaining = remaining
        }

        /// Whether somebody has to look: our configuration does not mend itself, and a host that fails for longer than
        /// `passingSecondsMax` may not either. One whose pause is over is tried by the next mail, which tells.
        package var needsLook: Bool {
            classification == .configuration
                || (failing >= .seconds(Self.passingSecondsMax) && remaining != nil)
        }

        /// What is wrong and what to do, in constant words.
        package var words: String {
            guard let reason else {
                return classification == .configuration
                    ? "The mail server refuses the configuration." : "The mail server cannot be reached or is unwell."
            }
            return "\(reason.meaning) \(reason.remedy)"
        }

        /// How long a host may be unwell before somebody has to look, in seconds: restarts and short faults of a
        /// network are over by then.
        package static let passingSecondsMax = 900
    }

    /// As the configuration has it: `smtp://smtp.example.com:587`.
    package let name: String
    /// `nil` while mails go to it.
    package let avoidance: Avoidance?

    package init(name: String, avoidance: Avoidance?) {
        self.name = name
        self.avoidance = avoidance
    }
}

extension [MailServerStanding] {
    /// Whether there are several servers and none of them will do before somebody has looked.
    package var allNeedLook: Bool { !isEmpty && allSatisfy { $0.avoidance?.needsLook ?? false } }
}
