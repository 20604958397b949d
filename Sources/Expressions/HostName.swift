internal import Events

/// A name that the event gives a value to: a fact, or one of the names for what surrounds the facts.
enum HostName: Sendable, Equatable {
    case fact(Fact)
    /// The whole (reduced) event.
    case event
    /// The name of the source that received it.
    case source
    /// When it was received.
    case receivedAt

    /// What a name of an expression stands for; old names of facts are known too.
    init?(_ name: String) {
        switch name {
        case "event": self = .event
        case "source": self = .source
        case "received_at": self = .receivedAt
        default:
            guard let fact = Fact.named(name) else { return nil }
            self = .fact(fact)
        }
    }

    /// The name that documents use.
    var name: String {
        switch self {
        case .fact(let fact): fact.name
        case .event: "event"
        case .source: "source"
        case .receivedAt: "received_at"
        }
    }

    var type: StaticType {
        switch self {
        case .fact(let fact): StaticType(fact.type)
        case .event: .map
        case .source: .string
        case .receivedAt: .timestamp
        }
    }

    /// Whether there are events without it.
    var mayBeAbsent: Bool {
        switch self {
        case .fact(let fact): fact != .failed && fact != .budgetBlocked
        case .event, .source, .receivedAt: false
        }
    }

    /// The place of its value in an `Activation`.
    var slot: Int {
        switch self {
        case .fact(let fact): fact.rawValue
        case .event: Self.factCount
        case .source: Self.factCount + 1
        case .receivedAt: Self.factCount + 2
        }
    }

    private static let factCount = Fact.allCases.count
    static let slotCount = factCount + 3

    /// Every name, the documented ones first, for "did you mean".
    static let allNames: [String] =
        Fact.allCases.map(\.name) + ["event", "source", "received_at"] + Fact.aliases.map(\.name)
}
