import Events
import Rules
import TestSupport

/// Random inputs for a shape, at instants of one kind of stream. Instants are microseconds.
struct WindowStream {
    enum Kind: CaseIterable {
        /// Each input as it happens.
        case ordered
        /// Many inputs of the same instants.
        case duplicated
        /// Inputs that come up to two windows late.
        case shuffled
        /// A clock that leaps by about a window, stands, and falls back.
        case jumping
    }

    static let start: Int64 = 1_700_000_000_000_000

    let kind: Kind
    let span: Int64
    /// How long it takes from one input to the next as a rule.
    let pause: Int64
    var now = start

    mutating func next(_ random: inout SeededRandom) -> (at: Int64, now: Int64) {
        switch kind {
        case .ordered:
            now += Int64.random(in: 0...2 * pause, using: &random)
            return (now, now)
        case .duplicated:
            if Int.random(in: 0..<8, using: &random) == 0 { now += 8 * pause }
            return (now - (Bool.random(using: &random) ? 0 : 8 * pause), now)
        case .shuffled:
            now += Int64.random(in: 0...2 * pause, using: &random)
            let lates: [Int64] = [0, 0, pause, 20 * pause, span, 2 * span]
            let late = lates.randomElement(using: &random) ?? 0
            return (now - Int64.random(in: 0...max(1, late), using: &random), now)
        case .jumping:
            let usual = Int64.random(in: 0...2 * pause, using: &random)
            guard Int.random(in: 0..<20, using: &random) == 0 else {
                now += usual
                return (now, now)
            }
            let leaps: [Int64] = [span - 1, span, span + 1, span / 2, 10 * span]
            let lates: [Int64] = [0, 0, span - 1, span]
            now += leaps.randomElement(using: &random) ?? 0
            return (now - (lates.randomElement(using: &random) ?? 0), now)
        }
    }

    /// An input of the kind that the shape takes.
    static func input(for shape: WindowShape, _ random: inout SeededRandom) -> WindowInput {
        switch shape {
        case .count, .absent, .change(.count, _, _): .one
        case .ratio: .part(isMatch: Bool.random(using: &random))
        case .distinct, .firstSeen: .text(text(&random))
        default: .number(number(&random))
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        // Two spellings of one text that Swift takes for equal, and bytes do not.
        if Int.random(in: 0..<20, using: &random) == 0 { return Bool.random(using: &random) ? "\u{e9}" : "e\u{301}" }
        return "text \(Int.random(in: 0..<40, using: &random))"
    }

    private static func number(_ random: inout SeededRandom) -> Double {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: 0
        case 1: 0.1
        case 2: Double(Int.random(in: -1_000...1_000, using: &random))
        case 3: Double.random(in: 0...1_000_000, using: &random)
        default: Double(Int.random(in: 0...100_000, using: &random)) / 1_000
        }
    }
}
