import Foundation
import TestSupport

/// The seed of this run: that of `HOOKMAIL_TEST_SEED`, or a new one, printed so that a failure can be repeated.
func seededRandom(_ function: String = #function) -> SeededRandom {
    let given = ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: .min ... .max)
    print("\(function): HOOKMAIL_TEST_SEED=\(seed)")
    return SeededRandom(seed: seed)
}

/// How much a test does: what the environment says under `name`, for long runs by hand, or the standard.
enum Seed {
    static func count(_ name: String, standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }
}
