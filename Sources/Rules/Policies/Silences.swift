package import Events
import Expressions

/// The silences that are in force: a part of the engine's state, and so a function of the log.
package struct Silences: Sendable {
    /// A silence with its condition; `nil` where this version cannot read it, so that it covers nothing.
    private struct Entry: Sendable {
        let silence: Silence
        let condition: Program?
        /// The same where nothing is known of an event but rule and group, of a silence for one recipient.
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

    /// By id.
    private var entries: [String: Entry] = [:]
    /// Ids of those for everybody, in the order in which they were added.
    private var ofEverybody: [String] = []
    /// Ids of those for a single recipient by its address, in the order in which they were added.
    private var ofRecipients: [String: [String]] = [:]
    /// When the next one is over, or `nil` where there is none.
    package private(set) var nextExpiry: Timestamp?

    /// The beginning of the keys of their rows.
    package static let keyPrefix = "silence/"

    package init() {}

    /// The silences that the rows have; what cannot be read is left out.
    package init(rows: some Sequence<EngineStateRow>) {
        var read: [Silence] = []
        for row in rows where row.key.hasPrefix(Self.keyPrefix) {
            guard let value = row.value, let json = try? JSONValue.decode(value), let silence = Silence(json: json)
            else { continue }
            read.append(silence)
        }
        for silence in Self.sorted(read) where entries[silence.id] == nil { append(silence) }
    }

    /// The order in which they were added, for an engine made anew of the rows has to have the same one.
    private static func sorted(_ silences: some Sequence<Silence>) -> [Silence] {
        silences.sorted { ($0.addedAt, $0.id) < ($1.addedAt, $1.id) }
    }

    /// Those in force, in the order in which they were added. After `expire(at:)` none of them is over.
    package var all: [Silence] { Self.sorted(entries.values.map(\.silence)) }

    /// How many are for a single recipient.
    private var recipientCount: Int { entries.count - ofEverybody.count }

    /// How many there may be like one for everybody or for a single recipient.
    package static func countMax(isForOne: Bool) -> Int {
        isForOne ? Silence.recipientCountMax : Silence.countMax
    }

    /// Whether there is room for one more, for everybody or for a single recipient.
    package func hasRoom(isForOne: Bool) -> Bool {
        (isForOne ? recipientCount : ofEverybody.count) < Self.countMax(isForOne: isForOne)
    }

    /// Takes an action into account and returns the id of the silence that changed. One for which there is no room, an
    /// id that is in use and the end of one that is over change nothing.
    package mutating func apply(_ action: OperatorAction) -> String? {
        switch action {
        case .silenceAdded(let silence):
            guard hasRoom(isForOne: silence.recipient != nil), entries[silence.id] == nil else { return nil }
            append(silence)
            return silence.id
        case .silenceEnded(let id):
            guard entries[id] != nil else { return nil }
            remove([id])
            return id
        case .retry, .cancel:
            return nil
        }
    }

    /// Takes one in behind those added before it; a clock that was set may have made the others later.
    private mutating func append(_ silence: Silence) {
        entries[silence.id] = Entry(silence)
        if let recipient = silence.recipient {
            ofRecipients[recipient] = ids(ofRecipients[recipient] ?? [], with: silence)
        } else {
            ofEverybody = ids(ofEverybody, with: silence)
        }
        nextExpiry = min(nextExpiry ?? silence.until, silence.until)
    }

    /// The ids with one more, in its place.
    private func ids(_ ids: [String], with silence: Silence) -> [String] {
        let place = ids.lastIndex { id in
            self[id].map { ($0.addedAt, $0.id) < (silence.addedAt, silence.id) } ?? false
        }
        var ids = ids
        ids.insert(silence.id, at: place.map { $0 + 1 } ?? 0)
        return ids
    }

    private mutating func remove(_ ids: [String]) {
        for id in ids {
            guard let recipient = entries.removeValue(forKey: id)?.silence.recipient else {
                ofEverybody.removeAll { $0 == id }
                continue
            }
            ofRecipients[recipient]?.removeAll { $0 == id }
            if ofRecipients[recipient]?.isEmpty == true { ofRecipients[recipient] = nil }
        }
        nextExpiry = entries.values.map(\.silence.until).min()
    }

    /// Moves them with a clock that was set, so that each lasts as long as it would have.
    package mutating func shift(by step: Duration) {
        entries = entries.mapValues { Entry($0.silence.shifted(by: step), like: $0) }
        nextExpiry = entries.values.map(\.silence.until).min()
    }

    /// Forgets those that are over, and returns their ids.
    package mutating func expire(at now: Timestamp) -> [String] {
        guard let next = nextExpiry, next <= now else { return [] }
        let over = all.filter { $0.until <= now }.map(\.id)
        remove(over)
        return over
    }

    /// Where there are many for single recipients, forgets those of whom or of whose rule nothing is told any more, and
    /// returns their ids. Few are kept: who unsubscribed is not told again because a rule was away for a day.
    mutating func dropStale(under ruleSet: RuleSet) -> [String] {
        guard recipientCount > Silence.recipientCountKept else { return [] }
        let told = ruleSet.toldAddresses
        let names = Set(ruleSet.rules.map(\.name))
        let stale = all.filter { silence in
            guard let recipient = silence.recipient else { return false }
            return !told.contains(recipient) || silence.unsubscribedRule.map { !names.contains($0) } ?? false
        }.map(\.id)
        remove(stale)
        return stale
    }

    /// The silence of an id, where it is in force.
    package subscript(_ id: String) -> Silence? { entries[id]?.silence }

    /// The row of the silence of an id, or of none any more.
    func row(_ id: String) -> EngineStateRow {
        EngineStateRow(key: Self.keyPrefix + id, value: self[id]?.json.encoded())
    }

    /// The first silence that covers a mail whoever gets it, or `nil`. A condition that needs a fact the event does not
    /// have, or that fails, covers nothing: rather a mail too many than one too few.
    package func match(_ subject: SilenceSubject, at now: Timestamp) -> Silence? {
        first(ofEverybody, at: now) { subject.activation(at: now) }
    }

    /// Those of some addresses that get no mail of such a kind though others do, with the id of the silence that says
    /// so.
    package func recipients(
        keptFrom subject: SilenceSubject, among addresses: [String], at now: Timestamp
    ) -> [String: String] {
        guard !ofRecipients.isEmpty else { return [:] }
        var kept: [String: String] = [:]
        for address in addresses {
            guard let ids = ofRecipients[address] else { continue }
            kept[address] = first(ids, at: now) { subject.activation(at: now) }?.id
        }
        return kept
    }

    /// Those of some addresses that get no mail of a rule and group whatever the events, with the id of the silence
    /// that says so.
    ///
    /// - Parameter group: The names and values of the group; `nil` where nothing is known of it.
    package func recipients(
        keptFromAllOf rule: String, _ severity: Severity, group: [(name: String, value: String)]?,
        among addresses: [String], at now: Timestamp
    ) -> [String: String] {
        guard !ofRecipients.isEmpty else { return [:] }
        let activation = SilenceReach.activation(rule, severity, group: group)
        var kept: [String: String] = [:]
        for address in addresses {
            kept[address] = ofRecipients[address]?.first { id in
                guard let entry = entries[id], entry.silence.until > now else { return false }
                if case .yes = entry.reach?.verdict(for: activation) { return true }
                return false
            }
        }
        return kept
    }

    /// The first of those in force that covers what the activation says, which is asked for at most once.
    private func first(_ ids: [String], at now: Timestamp, _ activation: () -> Activation) -> Silence? {
        var known: Activation?
        for id in ids {
            guard let entry = entries[id], entry.silence.until > now else { continue }
            let asked = known ?? activation()
            known = asked
            if case .yes = entry.condition?.verdict(for: asked) { return entry.silence }
        }
        return nil
    }
}
