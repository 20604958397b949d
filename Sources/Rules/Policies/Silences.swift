package import Events
import Expressions

/// The silences that are in force: a part of the engine's state, and so a function of the log.
package struct Silences: Sendable {
    /// A silence with its condition; `nil` where this version cannot read it, so that it covers nothing.
    private struct Entry: Sendable {
        let silence: Silence
        let condition: Program?
        /// The same for a rule of which nothing but name and severity is known, of a silence for one recipient.
        let reach: Program?

        init(_ silence: Silence) {
            self.silence = silence
            condition = try? Silence.compile(silence.condition)
            reach = silence.recipient == nil ? nil : SilenceReach.compile(silence.condition)
        }

        /// With its instants moved.
        init(_ silence: Silence, like entry: Entry) {
            self.silence = silence
            condition = entry.condition
            reach = entry.reach
        }
    }

    /// In the order in which they were added.
    private var entries: [Entry] = []

    /// The beginning of the keys of their rows.
    package static let keyPrefix = "silence/"

    package init() {}

    /// The silences that the rows have; what cannot be read is left out.
    package init(rows: some Sequence<EngineStateRow>) {
        for row in rows where row.key.hasPrefix(Self.keyPrefix) {
            guard let value = row.value, let json = try? JSONValue.decode(value), let silence = Silence(json: json)
            else { continue }
            entries.append(Entry(silence))
        }
        sort()
    }

    /// The order in which they were added, for an engine made anew of the rows has to have the same one.
    private mutating func sort() {
        entries.sort { ($0.silence.addedAt, $0.silence.id) < ($1.silence.addedAt, $1.silence.id) }
    }

    /// Those in force, in the order in which they were added. After `expire(at:)` none of them is over.
    package var all: [Silence] { entries.map(\.silence) }

    /// When the next one is over, or `nil` where there is none.
    package var nextExpiry: Timestamp? { entries.map(\.silence.until).min() }

    /// Takes an action into account and returns the id of the silence that changed. One silence more than
    /// `Silence.countMax`, an id that is in use and the end of one that is over change nothing.
    package mutating func apply(_ action: OperatorAction) -> String? {
        switch action {
        case .silenceAdded(let silence):
            guard entries.count < Silence.countMax, self[silence.id] == nil else { return nil }
            entries.append(Entry(silence))
            sort()
            return silence.id
        case .silenceEnded(let id):
            guard let index = entries.firstIndex(where: { $0.silence.id == id }) else { return nil }
            entries.remove(at: index)
            return id
        case .retry, .cancel:
            return nil
        }
    }

    /// Moves them with a clock that was set, so that each lasts as long as it would have.
    package mutating func shift(by step: Duration) {
        entries = entries.map { Entry($0.silence.shifted(by: step), like: $0) }
    }

    /// Forgets those that are over, and returns their ids.
    package mutating func expire(at now: Timestamp) -> [String] {
        guard let next = nextExpiry, next <= now else { return [] }
        let over = entries.filter { $0.silence.until <= now }
        entries.removeAll { $0.silence.until <= now }
        return over.map(\.silence.id)
    }

    /// The silence of an id, where it is in force.
    package subscript(_ id: String) -> Silence? {
        entries.first { $0.silence.id == id }?.silence
    }

    /// The row of the silence of an id, or of none any more.
    func row(_ id: String) -> EngineStateRow {
        EngineStateRow(key: Self.keyPrefix + id, value: self[id]?.json.encoded())
    }

    /// The first silence that covers a mail whoever gets it, or `nil`. A condition that needs a fact the event does not
    /// have, or that fails, covers nothing: rather a mail too many than one too few.
    package func match(_ subject: SilenceSubject, at now: Timestamp) -> Silence? {
        covering(subject, at: now) { $0.recipient == nil }.first
    }

    /// The addresses that get no mail of such a kind, though others do.
    package func recipients(keptFrom subject: SilenceSubject, at now: Timestamp) -> Set<String> {
        Set(covering(subject, at: now) { $0.recipient != nil }.compactMap(\.recipient))
    }

    /// The addresses that get no mail of a rule, whatever its groups and the events.
    package func recipients(keptFromAllOf rule: String, _ severity: Severity, at now: Timestamp) -> Set<String> {
        let asked = entries.filter { $0.reach != nil && $0.silence.until > now }
        guard !asked.isEmpty else { return [] }
        let activation = SilenceReach.activation(rule, severity)
        return Set(
            asked.compactMap { entry in
                if case .yes = entry.reach?.verdict(for: activation) { entry.silence.recipient } else { nil }
            })
    }

    private func covering(
        _ subject: SilenceSubject, at now: Timestamp, _ isAsked: (Silence) -> Bool
    ) -> [Silence] {
        let asked = entries.filter { $0.silence.until > now && isAsked($0.silence) }
        guard !asked.isEmpty else { return [] }
        let activation = subject.activation(at: now)
        return asked.filter { entry in
            if case .yes = entry.condition?.verdict(for: activation) { true } else { false }
        }.map(\.silence)
    }
}
