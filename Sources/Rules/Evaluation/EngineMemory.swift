import Events

/// About how much memory the state of the rules takes.
package struct EngineMemory: Sendable, Equatable {
    /// One rule's part.
    package struct Line: Sendable, Equatable {
        package let rule: String
        /// How many groups it keeps apart; a rule without `per` has one at most.
        package let groups: Int
        /// Groups with windows and limits, and what waits for the digest.
        package let bytes: Int
    }

    /// In the order of the rules.
    package let lines: [Line]
    /// Of all rules, and of recipients' limits and summaries.
    package let bytes: Int

    /// Nothing that is known.
    package static let none = EngineMemory(lines: [], bytes: 0)

    /// The groups of all rules.
    package var groups: Int { lines.reduce(0) { $0 + $1.groups } }
    /// Those rules that take most, the largest first.
    package func largest(_ limit: Int) -> [Line] {
        Array(lines.filter { $0.bytes > 0 }.sorted { ($1.bytes, $0.rule) < ($0.bytes, $1.rule) }.prefix(limit))
    }
}

extension Engine {
    /// What the state takes now. It looks at every group.
    package var memory: EngineMemory {
        let lines = rules.enumerated().map { index, state in
            EngineMemory.Line(rule: ruleSet.rules[index].name, groups: state.groups.count, bytes: state.bytes)
        }
        let gathered = recipients.values.reduce(0) { $0 + ($1.throttle?.bytes ?? 0) + ($1.gathered?.bytes ?? 0) }
        return EngineMemory(lines: lines, bytes: lines.reduce(gathered + (mails?.bytes ?? 0)) { $0 + $1.bytes })
    }
}

extension RuleState {
    fileprivate var bytes: Int {
        groups.reduce(digest?.bytes ?? 0) { $0 + $1.value.bytes + $1.key.bytes.capacity + 32 }
    }
}

extension GroupState {
    /// With what its parts keep elsewhere; the window's own part of the value is counted with the window.
    fileprivate var bytes: Int { MemoryLayout<Self>.stride + (contents?.bytes ?? 0) + (throttle?.bytes ?? 0) }
}

extension ThrottleState {
    fileprivate var bytes: Int { slots.capacity * MemoryLayout<Slot>.stride + 32 }
}

extension SummaryFigures {
    fileprivate var bytes: Int {
        lines.reduce(MemoryLayout<Self>.stride + 32) {
            $0 + MemoryLayout<Line>.stride + ($1.group?.utf8.count ?? 0) + ($1.signature?.utf8.count ?? 0)
        }
    }
}
