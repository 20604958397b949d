import Events

/// The facts of an event in the few types a mail needs; what has another type reads as missing.
struct EventFacts {
    private let facts: Facts

    init(_ facts: Facts) {
        self.facts = facts
    }

    /// The fact's text as it came, not fit to be shown.
    func text(_ fact: Fact) -> String? {
        switch facts[fact] {
        case .string(let text): text
        case .int(let number): String(number)
        case .json(.string(let text)): text
        case .json(.int(let number)): String(number)
        default: nil
        }
    }

    /// The fact's text made fit for a sentence.
    func phrase(_ fact: Fact) -> String? {
        text(fact).flatMap(EventText.phrase)
    }

    /// The fact's text made fit to be shown in one line.
    func shown(_ fact: Fact, scalarsMax: Int = EventText.lineScalarsMax) -> String? {
        text(fact).flatMap { EventText.line($0, scalarsMax: scalarsMax) }
    }

    func int(_ fact: Fact) -> Int64? {
        if case .int(let number) = facts[fact] { number } else { nil }
    }

    func double(_ fact: Fact) -> Double? {
        switch facts[fact] {
        case .double(let number): number
        case .int(let number): Double(number)
        default: nil
        }
    }

    func bool(_ fact: Fact) -> Bool? {
        if case .bool(let flag) = facts[fact] { flag } else { nil }
    }

    func time(_ fact: Fact) -> Timestamp? {
        if case .timestamp(let time) = facts[fact] { time } else { nil }
    }
}
