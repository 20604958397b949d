import Events

/// By how much the clock was set, as far as no opposite step has taken it back, while a window with `clock: event` held
/// what it still holds.
///
/// Which of two clocks was right is not known at a step, but after a step and its opposite the clock is what it was:
/// then everything has to stand at its own timestamp again. So what the first one did to the contents, the second
/// undoes.
struct ClockDisplacement: Sendable, Equatable {
    /// Above zero the contents have moved by it; below zero they have stayed where they were. Never zero.
    let step: Duration
    /// From this instant on nothing from before the step is in the window any more.
    let until: Timestamp

    /// Takes a step of the clock into account.
    ///
    /// A step that takes back an earlier one undoes what that did. Any other one moves the contents forward, for a
    /// clock that was behind took events as of when they came in. Back by less than the window, they stay: a clock that
    /// was ahead saw the events where they are, and the window waits until the clock has caught up. Back by more, they
    /// move, for that clock took none by their timestamps.
    ///
    /// - Parameters:
    ///   - displacement: What no opposite step has taken back.
    ///   - reach: How far back the window looks.
    ///   - now: Engine time after the step.
    /// - Returns: By how much the contents have to move.
    static func take(
        _ step: Duration, into displacement: inout ClockDisplacement?, reach: Duration, at now: Timestamp
    ) -> Duration {
        let before = now.advanced(by: .zero - step)
        if let known = displacement, known.until <= before { displacement = nil }
        let known = displacement?.step ?? .zero
        let takenBack = known > .zero ? min(.zero, max(step, .zero - known)) : max(.zero, min(step, .zero - known))
        let rest = step - takenBack
        let stays = rest < .zero && .zero - rest < reach
        let move = (known > .zero ? takenBack : .zero) + (stays ? .zero : rest)
        let isNew = rest > .zero || stays
        let remaining = known + takenBack + (isNew ? rest : .zero)
        var until = displacement?.until.advanced(by: move)
        if isNew { until = max(until ?? now, max(before, now).advanced(by: reach)) }
        displacement = until.flatMap { remaining == .zero ? nil : ClockDisplacement(step: remaining, until: $0) }
        return move
    }

    /// Where an event of this timestamp stands: at the same distance from the others that the timestamps have.
    func place(of timestamp: Timestamp, at now: Timestamp) -> Timestamp {
        step > .zero && now < until ? timestamp.advanced(by: step) : timestamp
    }
}

extension Window {
    /// Whether the senders' timestamps say where events stand. A calendar counts a budget: it moves with the clock.
    var staysWithTimestamps: Bool {
        if case .budget = measure { return false }
        return clock == .event
    }

    /// How far back it looks: a change as far as the beginning of the earlier period.
    var reach: Duration {
        if case .change(_, _, let against) = measure { return within + against }
        return within
    }
}

extension ClockDisplacement {
    /// Appends what `init(from:)` reads.
    func encode(into bytes: inout [UInt8]) {
        bytes.appendSigned(step.wholeMicroseconds)
        bytes.appendSigned(until.microseconds)
    }

    /// Reads what `encode` wrote; `nil` when the bytes are none of it.
    init?(from reader: inout RowReader) {
        guard let step = reader.signed(), step != 0, let until = reader.signed() else { return nil }
        self.init(step: .microseconds(step), until: Timestamp(microseconds: until))
    }
}
