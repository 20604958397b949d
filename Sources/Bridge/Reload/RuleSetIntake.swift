package import Rendering
package import Rules
import Synchronization

/// Rule sets that have been, or are being, appended to the log and that evaluation has not reached yet, in the order of
/// the log.
///
/// A set is made known here before its entry is appended, so the evaluator that meets the entry always finds it; only
/// entries that an earlier process appended are compiled from their own text.
package final class RuleSetIntake: Sendable {
    private struct Expected {
        let ruleSet: RuleSet
        var composer: Composer?
    }

    private let state = Mutex<[Expected]>([])

    package init() {}

    /// Makes a set known that is about to be appended, and the composer for what it decides.
    package func expect(_ ruleSet: RuleSet, composer: Composer? = nil) {
        state.withLock { $0.append(Expected(ruleSet: ruleSet, composer: composer)) }
    }

    /// Takes back the newest set with this hash: it could not be appended.
    package func withdraw(_ hash: String) {
        state.withLock { expected in
            guard let index = expected.lastIndex(where: { $0.ruleSet.hash == hash }) else { return }
            expected.remove(at: index)
        }
    }

    /// Gives a composer to the newest set that is still on its way; `false` when there is none, and the composer is to
    /// be used at once.
    func hand(_ composer: Composer) -> Bool {
        state.withLock { expected in
            guard let last = expected.indices.last else { return false }
            expected[last].composer = composer
            return true
        }
    }

    /// The compiled set of an entry.
    func ruleSet(_ hash: String) -> RuleSet? {
        state.withLock { expected in expected.first { $0.ruleSet.hash == hash }?.ruleSet }
    }

    /// Evaluation has passed an entry with this hash. Sets that wait before it are gone with it: their entries would
    /// have come first.
    /// - Returns: the composer that comes into force with it.
    func pass(_ hash: String) -> Composer? {
        state.withLock { expected in
            guard let index = expected.firstIndex(where: { $0.ruleSet.hash == hash }) else { return nil }
            let composer = expected[index].composer
            expected.removeSubrange(...index)
            return composer
        }
    }
}
