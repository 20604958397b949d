import Foundation
import TestSupport

/// The seed of this run: that of `HOOKMAIL_TEST_SEED`, or a new one, printed so that a failure can be repeated.
func seededRandom(_ function: String = #function) -> SeededRandom {
    let given = ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: .min ... .max)
    print("\(function): HOOKMAIL_TEST_SEED=\(seed)")
    return SeededRandom(seed: seed)
}
