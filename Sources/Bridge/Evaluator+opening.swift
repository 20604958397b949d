import Logging
import Rules
import Store

/// The rules that were in force when evaluation stood still, kept beside the engine's own state: what was accepted
/// under them and not yet evaluated is decided by them, also after a restart with other rules.
extension Evaluator {
    /// The key of the row that holds the text of the rule set in force.
    static let ruleSetKey = "rule_set"

    /// The engine as the store left it, with the rules of that time.
    func engine(of state: EvaluatorState, with ruleSet: RuleSet) -> Engine {
        let rows = state.rows.filter { $0.key != Self.ruleSetKey }
        let kept = state.rows.first { $0.key == Self.ruleSetKey }?.value
        guard let kept, kept != Array(ruleSet.text.utf8) else { return Engine(ruleSet: ruleSet, rows: rows) }
        guard let old = Self.compiled(String(decoding: kept, as: UTF8.self)) else {
            log.warning("rules of the last run cannot be read any more: the new ones decide about waiting events")
            return Engine(ruleSet: ruleSet, rows: rows)
        }
        return Engine(ruleSet: old, rows: rows)
    }

    /// The row to write when an entry about a rule set was passed: its text, when the set came into force.
    static func rows(of engine: Engine, passing hash: String, _ text: String) -> [EngineStateRow] {
        guard engine.ruleSet.hash == hash else { return [] }
        return [EngineStateRow(key: ruleSetKey, value: Array(text.utf8))]
    }

    /// A rule set made of its own text in the log; `nil` when this version cannot read it.
    static func compiled(_ text: String) -> RuleSet? {
        try? RuleSet.read(text, file: "the log", addresses: ConfigurationReader.address).ruleSet
    }
}
