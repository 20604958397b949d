package import Events

/// One event as expressions see it: the values of all names, looked up once and then shared by all rules.
package struct Activation: Sendable {
    /// What the names stand for, behind one reference, so that a run costs one count and not one for every part.
    final class Values: Sendable {
        /// The value of each `HostName` at its slot.
        let slots: [Value]
        /// Values of variables that an environment declared beyond the facts.
        let bindings: [String: Value]

        init(slots: [Value], bindings: [String: Value]) {
            self.slots = slots
            self.bindings = bindings
        }
    }

    let values: Values

    /// An event with its surroundings, and the values of variables that an environment declared beside its facts.
    package init(facts: Facts, source: String, receivedAt: Timestamp, bindings: [String: Value] = [:]) {
        var slots: [Value] = []
        slots.reserveCapacity(HostName.slotCount)
        for fact in Self.allFacts { slots.append(Value(fact: facts[fact])) }
        slots.append(Value(event: facts.event))
        slots.append(.string(source))
        slots.append(.timestamp(TimeValue(receivedAt)))
        values = Values(slots: slots, bindings: bindings)
    }

    /// No event: every fact is absent, and declared variables have the values given.
    package init(bindings: [String: Value] = [:]) {
        let slots = [Value](repeating: .absent, count: HostName.slotCount)
        values = Values(slots: slots, bindings: bindings)
    }

    private static let allFacts = Fact.allCases
}
