/// The numbered steps from an empty file to the present schema. A step that was ever released is never changed again;
/// `PRAGMA user_version` says how many have been taken.
enum Migration: Int, CaseIterable {
    /// The log, decisions, engine state and the outbox.
    case initial = 1
    /// Why an attempt failed, beside its class.
    case replyReason = 2
    /// A log entry's number is its position.
    case logPosition = 3
    /// Checks that cost a row no temporary table.
    case cheapChecks = 4
    /// Log entries may say that the wall clock was set.
    case clockSteps = 5
    /// Addresses that an operator took off the suppression list.
    case suppressionLift = 6
    /// What has ended is compared by how far the wall clock was set in all.
    case clockOffset = 7
    /// What parts of the bridge have to remember.
    case memos = 8

    /// An event knows its log entry, and is numbered without a counter.
    case eventNumber = 9

    /// The version of a database on which all steps have been taken.
    static var latest: Int { allCases.last?.rawValue ?? 0 }

    /// The statements of the step.
    var sql: String {
        switch self {
        case .initial: Self.initialSQL
        case .replyReason: Self.replyReasonSQL
        case .logPosition: Self.logPositionSQL
        case .cheapChecks: Self.cheapChecksSQL
        case .clockSteps: Self.clockStepsSQL
        case .suppressionLift: Self.suppressionLiftSQL
        case .clockOffset: Self.clockOffsetSQL
        case .memos: Self.memosSQL
        case .eventNumber: Self.eventNumberSQL
        }
    }
}
