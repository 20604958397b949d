import Synchronization

/// A number that tasks count up together.
final class Tally: Sendable {
    private let number = Atomic(0)

    /// The number now.
    var count: Int { number.load(ordering: .relaxed) }

    /// Counts one more and gives what the number was before.
    func next() -> Int { number.wrappingAdd(1, ordering: .relaxed).oldValue }
}
