import Bridge
import Events
import Expressions
import Rules
import Store

/// An event to preview a mail with: invented, from a file, or stored.
struct PreviewedEvent {
    /// What to call it on the terminal.
    let name: String
    let logged: LoggedEvent
    /// With its credentials replaced, as it would be stored; `nil` when it is not.
    let body: [UInt8]?
    let isStored: Bool

    /// An event that has just been read.
    init(_ event: VerifiedEvent, name: String) {
        self.name = name
        logged = LoggedEvent(
            id: 1, key: event.key, receivedAt: event.receivedAt, isRevision: false, facts: event.facts)
        body = event.body
        isStored = false
    }

    /// A stored event.
    init(_ record: EventRecord, body: [UInt8]?) {
        name = "event \(record.id)"
        logged = LoggedEvent(
            id: record.id, key: record.key, receivedAt: record.receivedAt, isRevision: record.isRevision,
            facts: record.facts)
        self.body = body
        isStored = true
    }

    /// The first of the samples that the rule matches, or the first of all.
    static func sample(for rule: Rule, source: String?) throws -> PreviewedEvent {
        let samples = try SampleEvents.all.map { sample in
            let events = try UnsignedEvent.deliver(Array(sample.body.utf8), source: source ?? "sample").events
            guard let event = events.first else { throw CancellationError() }
            return PreviewedEvent(event, name: "the sample “\(sample.label)”")
        }
        let matching = samples.first { $0.matches(rule) }
        guard let chosen = matching ?? samples.first else { throw CancellationError() }
        return chosen
    }

    /// Whether the rule's condition is true for the event.
    func matches(_ rule: Rule) -> Bool {
        guard let condition = rule.condition else { return true }
        let activation = Activation(
            facts: logged.facts, source: logged.key.source, receivedAt: logged.receivedAt)
        return if case .yes = condition.verdict(for: activation) { true } else { false }
    }
}
