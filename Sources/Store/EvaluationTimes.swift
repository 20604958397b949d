import Events
import Rules

/// The instants of an evaluation by the clock as it is when the store takes it over. The entries that it is of may have
/// waited over a step of the clock: their times are by the clock as it was.
struct EvaluationTimes {
    /// An entry as an evaluation covers it.
    typealias Entry = (row: Int64, position: LogPosition)

    /// The evaluation's wall clock.
    let present: Timestamp
    /// The time of its last entry.
    let at: Timestamp
    private let evaluation: Evaluation
    private let rebased: (Timestamp, Entry) -> Timestamp

    /// - Parameters:
    ///   - present: The wall clock of the evaluation, by the clock as it is now.
    ///   - rebased: Says what a time of an entry is by the clock as it is now.
    init(_ evaluation: Evaluation, present: Timestamp, rebased: @escaping (Timestamp, Entry) -> Timestamp) {
        self.evaluation = evaluation
        self.present = present
        self.rebased = rebased
        at = evaluation.positions.last.map { rebased(evaluation.at, $0) } ?? evaluation.at
    }

    /// When a notification was decided: by time of the entry that its id names, else of the last one.
    func at(of notification: Notification) -> Timestamp {
        guard let first = evaluation.positions.first?.position, let last = evaluation.positions.last else {
            return notification.at
        }
        let named = NotificationNumber(id: notification.id)?.position
        let covered = named.flatMap { position in
            (first...last.position).contains(position) ? evaluation.positions[Int(position - first)] : nil
        }
        return rebased(notification.at, covered ?? last)
    }

    /// An instant that was read from the wall clock during the evaluation.
    func moved(_ instant: Timestamp) -> Timestamp { instant.advanced(by: present - evaluation.now) }
}
