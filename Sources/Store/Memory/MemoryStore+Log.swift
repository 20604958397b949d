package import Events
import Mail
package import Rules

extension MemoryStore {
    /// Appends one event after the other, and is done before it returns; nothing in it can fail halfway.
    package func append(
        _ events: [VerifiedEvent], then done: @escaping @Sendable (Result<[Appended], StoreError>) -> Void
    ) {
        let appended = Result { () throws(StoreError) in
            try withState { state throws(StoreError) in
                guard events.isEmpty || space.hasRoom else { throw space.fullError }
                return events.map { state.append($0, options: options) }
            }
        }
        done(appended)
    }

    /// Appends an entry that is no event.
    package func append(_ change: LogEntry.Change, at now: Timestamp) async throws(StoreError) {
        try withState { state throws(StoreError) in
            try change.validateForAppend()
            state.appendChange(change, at: state.present(now))
        }
    }

    /// The entries behind the last evaluated one.
    package func unevaluated(limit: Int) async throws(StoreError) -> [PendingEntry] {
        try withState { state throws(StoreError) in
            state.unevaluated.prefix(max(0, limit)).map { state.pendingEntry($0.id, $0.row) }
        }
    }

    /// The evaluated entries, which stand in the order of their positions.
    package func entries(after position: LogPosition, limit: Int) async throws(StoreError) -> [LogEntry] {
        try withState { state throws(StoreError) in
            let evaluated = state.log.rows.filter { ($0.row.position ?? 0) > position }
            return evaluated.prefix(max(0, limit)).map { id, row in
                let pending = state.pendingEntry(id, row)
                return LogEntry(position: row.position ?? 0, at: pending.at, change: pending.change)
            }
        }
    }

    /// The cursor and the rows by the bytes of their keys.
    package func evaluatorState() async throws(StoreError) -> EvaluatorState {
        try withState { state throws(StoreError) in
            let rows = state.engineState.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
            return EvaluatorState(cursor: state.cursor, at: state.cursorAt, rows: rows)
        }
    }

    /// Checks the whole evaluation, then takes it over.
    package func commit(
        _ evaluation: Evaluation, expecting cursor: LogPosition
    ) async throws(StoreError) -> [LeasedDelivery] {
        try withState { state throws(StoreError) in
            guard state.cursor == cursor else { throw .conflict(expected: cursor, found: state.cursor) }
            try evaluation.validate(expecting: cursor)
            try state.validate(evaluation)
            return state.take(evaluation)
        }
    }
}

extension MemoryState {
    /// Stores one event, or finds that it is known.
    mutating func append(_ event: VerifiedEvent, options: StoreOptions) -> Appended {
        let key = KeyBytes(event.key)
        if let known = keys[key], !isForgotten(known, by: event, options: options) {
            if known.digest == event.digest { return .duplicate(known.event) }
            if let revision = known.revisions[event.digest] { return .duplicate(revision) }
            let id = insert(event, isRevision: true, options: options)
            keys[key]?.revisions[event.digest] = id
            return .revision(id)
        }
        let id = insert(event, isRevision: false, options: options)
        keys[key] = KnownKey(event: id, digest: event.digest, receivedAt: event.receivedAt)
        return .stored(id)
    }

    /// Whether a key made of a digest is too old to mean the same event.
    private func isForgotten(_ known: KnownKey, by event: VerifiedEvent, options: StoreOptions) -> Bool {
        guard event.key.origin == .digest else { return false }
        let receivedAt = rowOfEvent[known.event].map { rebased(known.receivedAt, atRow: $0) } ?? known.receivedAt
        return receivedAt.advanced(by: options.digestKeysKept) <= present(event.receivedAt)
    }

    private mutating func insert(_ event: VerifiedEvent, isRevision: Bool, options: StoreOptions) -> Int64 {
        let stored = Event(
            key: event.key, receivedAt: event.receivedAt, digest: event.digest, facts: event.facts,
            isRevision: isRevision, bodyBytes: Int64(event.body.count),
            body: options.storesBodies ? event.body : nil, factsBytes: Int64(event.facts.encoded().count)
        )
        let id = events.append(stored)
        rowOfEvent[id] = log.append(LogRow(at: logTime(present(event.receivedAt)), content: .event(id)))
        return id
    }

    /// The rows behind the cursor. Evaluation covers entries in order, so they stand together at the end.
    var unevaluated: ArraySlice<(id: Int64, row: LogRow)> {
        var start = log.rows.endIndex
        while start > 0, log.rows[start - 1].row.position == nil { start -= 1 }
        return log.rows[start...]
    }

    /// A log row as the evaluator reads it.
    func pendingEntry(_ id: Int64, _ row: LogRow) -> PendingEntry {
        switch row.content {
        case .change(let change):
            return PendingEntry(row: id, at: row.at, change: change)
        case .event(let number):
            // An unevaluated event is never pruned.
            guard let event = events[number] else { return PendingEntry(row: id, at: row.at, change: .clock) }
            let logged = LoggedEvent(
                id: number, key: event.key, receivedAt: event.receivedAt, isRevision: event.isRevision,
                facts: event.facts
            )
            return PendingEntry(row: id, at: row.at, change: .event(logged))
        }
    }

    /// Checks an evaluation against what is stored.
    func validate(_ evaluation: Evaluation) throws(StoreError) {
        guard unevaluated.prefix(evaluation.positions.count).map(\.id) == evaluation.positions.map(\.row) else {
            throw .notAllowed("an evaluation covers an entry out of its order, or one that is evaluated or gone")
        }
        for decision in evaluation.decisions {
            let key = DecisionKey(decision)
            guard decisions[decision.position]?.contains(where: { DecisionKey($0) == key }) != true else {
                throw .notAllowed("an evaluation decides again about a rule and group")
            }
        }
        for new in evaluation.notifications where notificationIDs.contains(Array(new.notification.id.utf8)) {
            throw .notAllowed("an evaluation makes a notification again")
        }
    }

    /// Takes over a checked evaluation.
    mutating func take(_ evaluation: Evaluation) -> [LeasedDelivery] {
        for entry in evaluation.positions {
            log[entry.row]?.position = entry.position
            cursor = entry.position
            cursorAt = evaluation.at
        }
        for decision in evaluation.decisions {
            decisions[decision.position, default: []].append(decision)
        }
        for row in evaluation.stateChanges {
            engineState[Array(row.key.utf8)] = row.value == nil ? nil : row
        }
        let steps = clockSteps
        let times = EvaluationTimes(evaluation, present: present(evaluation.now)) { instant, entry in
            Self.rebased(instant, atRow: entry.row, by: steps)
        }
        return evaluation.notifications.flatMap { make($0, times) }
    }

    private mutating func make(_ new: NewNotification, _ times: EvaluationTimes) -> [LeasedDelivery] {
        let createdAt = times.at(of: new.notification)
        let number = notifications.append(
            StoredNotification(
                notification: new.notification, endedAt: new.deliveries.isEmpty ? times.at : nil,
                isEndLogged: false
            )
        )
        notificationIDs.insert(Array(new.notification.id.utf8))
        return new.deliveries.map { delivery in
            var stored = StoredDelivery(
                notification: number, recipient: delivery.recipient, createdAt: createdAt,
                standing: .queued(at: min(createdAt, times.present), createdAt: createdAt)
            )
            if let start = delivery.start {
                stored.standing = .begun(leaseUntil: times.moved(start.leaseUntil), createdAt: createdAt)
                stored.message = start.message
                stored.templateFault = start.templateFault
                stored.attempts = [AttemptRecord(ordinal: 1, startedAt: times.at, endedAt: nil, reply: nil)]
            }
            let id = deliveries.append(stored)
            notifications[number]?.deliveries.append(id)
            return LeasedDelivery(
                id: id, notification: new.notification, recipient: delivery.recipient, message: stored.message,
                attempts: 0, createdAt: createdAt, ageFrom: stored.standing.ageFrom, state: stored.standing.state
            )
        }
    }
}
