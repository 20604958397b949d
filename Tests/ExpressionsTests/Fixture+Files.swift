import Foundation

extension Fixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// Whether golden files are to be written anew instead of compared; what was written is to be read by a person.
    static let isRecording = ProcessInfo.processInfo.environment["HOOKMAIL_RECORD_FIXTURES"] != nil

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    static func lines(_ name: String) throws -> [String] {
        try text(name).split(separator: "\n").map(String.init)
    }

    static func record(_ text: String, as name: String) throws {
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    static func files(in subfolder: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(subfolder).path)
            .filter { $0.hasSuffix(ending) }.sorted()
    }

    /// How long damaged texts are tried, in seconds.
    static var fuzzSeconds: Int {
        ProcessInfo.processInfo.environment["HOOKMAIL_FUZZ_SECONDS"].flatMap { Int($0) } ?? 4
    }

    /// The seed of a random test: from `HOOKMAIL_TEST_SEED`, else new each time.
    static var seed: UInt64 {
        ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 0...UInt64.max)
    }
}

/// SplitMix64: small, and the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
