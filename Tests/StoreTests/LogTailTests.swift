import Events
import Rules
import Store
import TestSupport
import Testing

/// What the evaluator is given from memory is what the database holds, whatever happens in between.
@Suite(.timeLimit(.minutes(2)))
struct LogTailTests {
    @Test func entriesComeInOrderAndEachOnceWhateverIsMixedIn() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("log tail: seed \(seed)")
        var generator = SeededRandom(seed: seed)
        let folder = try ScratchFolder()
        let store = try SQLiteStore.open(path: folder.path + "/hookmail.db", options: .forTests)
        var waiting: [String] = []
        var cursor: LogPosition = 0
        var at = Timestamp(microseconds: 1_000_000)
        for step in 0..<600 {
            at = at.advanced(by: .seconds(60))
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                let events = try (0..<Int.random(in: 1...4, using: &generator)).map { part in
                    try EventMaker.event("e\(step)-\(part)", receivedAt: at)
                }
                for (part, appended) in try await store.append(events).enumerated() {
                    waiting.append("event e\(step)-\(part) \(appended.id)")
                }
            case 4:
                try await store.append(.clock, at: at)
                waiting.append("clock")
            case 5:
                _ = try await store.prune(Retention(bodies: .zero, events: .seconds(600), mails: .zero), now: at)
            default:
                let limit = Int.random(in: 1...6, using: &generator)
                let entries = try await store.unevaluated(limit: limit)
                #expect(entries.count <= limit && entries.isEmpty == waiting.isEmpty)
                #expect(entries.map(Self.name) == Array(waiting.prefix(entries.count)), "step \(step)")
                guard let last = entries.last, Bool.random(using: &generator) else { continue }
                var evaluation = Evaluation(at: last.at)
                evaluation.positions = entries.enumerated().map { (row: $1.row, position: cursor + Int64($0) + 1) }
                _ = try await store.commit(evaluation, expecting: cursor)
                cursor += Int64(entries.count)
                waiting.removeFirst(entries.count)
            }
        }
        #expect(cursor > 100)
        await store.close()
    }

    @Test func aStoreThatFellFarBehindLosesNothing() async throws {
        let folder = try ScratchFolder()
        let store = try SQLiteStore.open(path: folder.path + "/hookmail.db", options: .forTests)
        var cursor: LogPosition = 0
        var read = 0
        for round in 0..<3 {
            for number in 0..<700 {
                let event = try EventMaker.event(
                    "r\(round)-\(number)", receivedAt: Timestamp(microseconds: Int64(number)))
                _ = try await store.append([event])
            }
            while true {
                let entries = try await store.unevaluated(limit: 100)
                guard let last = entries.last else { break }
                var evaluation = Evaluation(at: last.at)
                evaluation.positions = entries.enumerated().map { (row: $1.row, position: cursor + Int64($0) + 1) }
                _ = try await store.commit(evaluation, expecting: cursor)
                cursor += Int64(entries.count)
                read += entries.count
            }
        }
        #expect(read == 2_100)
        await store.close()
    }

    private static func name(_ entry: PendingEntry) -> String {
        switch entry.change {
        case .event(let event): "event \(event.key.id) \(event.id)"
        case .clock: "clock"
        default: "other"
        }
    }
}
