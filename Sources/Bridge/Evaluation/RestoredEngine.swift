package import Rules
package import Store

/// The engine as it stands at a store's cursor: made of the last snapshot's rows, with the log after them replayed and
/// what that gives thrown away, for it was committed then.
///
/// The rules of the snapshot are kept beside it: what was accepted under them is decided by them, also after a restart
/// with other rules.
package struct RestoredEngine: Sendable {
    package var engine: Engine
    /// The position of the last entry that the engine has seen.
    package let cursor: LogPosition
    /// The position that the rows were the state of.
    package let snapshot: LogPosition
    /// Whether the rules of the snapshot could not be read, so that the given ones took their place.
    package let lostRules: Bool

    /// The key of the row that holds the text of the rule set in force at the snapshot.
    static let ruleSetKey = "rule_set"
    /// The most entries that are read at once.
    private static let pageEntries = 500

    /// Reads the state and replays the log.
    ///
    /// - Parameter ruleSet: The rules of the configuration: in force where the store has none yet, or none that can be
    ///   read.
    package init(from store: any StoreReading, ruleSet: RuleSet) async throws(StoreError) {
        let state = try await store.evaluatorState()
        let kept = state.rows.first { $0.key == Self.ruleSetKey }?.value
        var inForce: RuleSet? = ruleSet
        if let kept, kept != Array(ruleSet.text.utf8) { inForce = Self.compiled(String(decoding: kept, as: UTF8.self)) }
        let own = [Self.ruleSetKey, EvaluatorState.snapshotKey]
        engine = Engine(ruleSet: inForce ?? ruleSet, rows: state.rows.filter { !own.contains($0.key) })
        lostRules = inForce == nil
        snapshot = state.snapshot
        cursor = state.cursor
        var position = state.snapshot
        while position < state.cursor {
            let entries = try await store.entries(after: position, limit: Self.pageEntries)
            guard let last = entries.last else { break }
            for entry in entries where entry.position <= state.cursor {
                if case .ruleSet(let hash, let text) = entry.change, engine.ruleSet.hash != hash {
                    if hash == ruleSet.hash {
                        engine.expect(ruleSet)
                    } else if let known = Self.compiled(text) {
                        engine.expect(known)
                    }
                }
                _ = engine.process(entry)
            }
            position = last.position
        }
    }

    /// A rule set made of its own text in the log; `nil` when this version cannot read it.
    package static func compiled(_ text: String) -> RuleSet? {
        try? RuleSet.read(text, file: "the log", addresses: ConfigurationReader.address).ruleSet
    }

    /// The rows that make up a snapshot at `cursor`: what changed of the engine, and where it stood.
    ///
    /// - Parameter writesRules: Whether the rules in force changed since the last one.
    static func rows(of engine: inout Engine, at cursor: LogPosition, writesRules: Bool) -> [EngineStateRow] {
        var rows = engine.takeStateChanges()
        if writesRules { rows.append(EngineStateRow(key: ruleSetKey, value: Array(engine.ruleSet.text.utf8))) }
        rows.append(EngineStateRow(key: EvaluatorState.snapshotKey, value: Array("\(cursor)".utf8)))
        return rows
    }
}
