import Events

/// Everything that is remembered of one rule.
struct RuleState: Sendable {
    var groups: [GroupKey: GroupState] = [:]
    /// What matched since the last digest.
    var digest: SummaryFigures?
    /// When the digest is due; registered in the queue of deadlines.
    var digestDeadline: Timestamp?
    /// How many groups were forgotten because there were too many, since the server started.
    var forgottenGroups = 0

    /// What the keys of all digests begin with.
    static let digestPrefix = "digest/"
    /// The key of the row of a rule's digest.
    static func digestKey(_ rule: String) -> String { digestPrefix + rule }
}
