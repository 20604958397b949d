import Foundation
import TestSupport

extension SeededRandom {
    /// A generator with the seed of `HOOKMAIL_TEST_SEED`, or a new one; prints which, to repeat a failure.
    static func announced(for test: String) -> SeededRandom {
        let given = ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("\(test): HOOKMAIL_TEST_SEED=\(seed)")
        return SeededRandom(seed: seed)
    }
}
