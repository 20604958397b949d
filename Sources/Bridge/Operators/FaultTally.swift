package import Events
package import Rendering
package import Rules
import Synchronization

/// How many events were evaluated of late, and on how many each rule's condition failed. It is told by the evaluator
/// and asked by the operators' desk; what it counts is in memory alone.
package final class FaultTally: Sendable {
    /// How long it counts before it begins anew, in seconds.
    package static let spanSeconds: Int64 = 3_600
    /// A rule that failed on fewer events in that span is no trouble: an odd event can come any time.
    package static let faultsMin = 10
    /// A rule that failed on a smaller part of the events than one in so many is no trouble.
    package static let eventsPerFaultMax = 10
    /// The most rules that are counted.
    package static let rulesMax = 100

    private struct State {
        var since: Timestamp?
        var events = 0
        var faults: [String: Int] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes what came of some events.
    package func note(events: Int, _ decisions: [Decision], at now: Timestamp) {
        state.withLock { state in
            let age = state.since.map { now - $0 }
            let isSameSpan = age.map { $0 >= .zero && $0 < .seconds(Self.spanSeconds) } ?? false
            if !isSameSpan { state = State(since: now) }
            state.events += events
            for decision in decisions {
                guard case .faulted = decision.outcome else { continue }
                guard state.faults[decision.rule] != nil || state.faults.count < Self.rulesMax else { continue }
                state.faults[decision.rule, default: 0] += 1
            }
        }
    }

    /// The rules that fail on many events, by name.
    package func troubles() -> [Trouble] {
        state.withLock { state in
            state.faults.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap { rule, faults in
                guard faults >= Self.faultsMin, faults * Self.eventsPerFaultMax >= state.events else { return nil }
                return .faultyRule(
                    rule, faults: faults, events: max(faults, state.events), within: .seconds(Self.spanSeconds))
            }
        }
    }
}
