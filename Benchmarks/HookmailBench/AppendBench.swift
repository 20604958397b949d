import ArgumentParser
import Events
import Rules
import Store

/// Appends events as a busy receiver does: many callers, each waiting for its commit.
struct AppendBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append", abstract: "Events a second that are verified beforehand and stored durably.")

    @Argument(help: "An empty folder for the store.") var folder: String
    @Argument(help: "A file with the body.") var file: String
    @Argument(help: "How many events.") var count: Int
    @Argument(help: "How many callers wait at one time.") var callers: Int = 64
    @Flag(help: "Give the events their positions meanwhile, as a server without rules would.") var evaluate = false

    func run() async throws {
        let events = try Self.events(like: BodyFile.read(file), count: count)
        let store = try SQLiteStore.open(path: folder + "/bench.db")
        let start = ContinuousClock.now
        let processor = ProcessorTime.now
        async let evaluated: Void = evaluate ? Self.evaluate(count, in: store) : ()
        try await Self.append(events, to: store, callers: callers)
        let rate = Stopwatch.rate(count, since: start)
        try await evaluated
        print("processor microseconds an event:", (ProcessorTime.now - processor).microseconds / count)
        await store.close()
        print(rate)
    }

    private static func append(_ events: [VerifiedEvent], to store: SQLiteStore, callers: Int) async throws {
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    while true {
                        let index = tally.next()
                        guard index < events.count else { return }
                        _ = try await store.append([events[index]])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Gives `count` entries their positions, in batches that gather for five milliseconds as the server's do.
    private static func evaluate(_ count: Int, in store: SQLiteStore) async throws {
        var cursor: LogPosition = 0
        while cursor < count {
            let pending = try await store.unevaluated(limit: 500)
            var evaluation = Evaluation(at: Timestamp(microseconds: Int64(count)))
            evaluation.positions = pending.enumerated().map { ($1.row, cursor + Int64($0) + 1) }
            if !pending.isEmpty { _ = try await store.commit(evaluation, expecting: cursor) }
            cursor += Int64(pending.count)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Events with the body's members and an id of their own each.
    private static func events(like body: [UInt8], count: Int) throws -> [VerifiedEvent] {
        guard body.first == UInt8(ascii: "{") else { throw ValidationError("The body must be an object.") }
        let secret = Secret(Array("secret".utf8), label: "bench")
        let scheme = SignatureScheme.keywordsai
        let verifier = SignatureVerifier(source: "bench", scheme: scheme, secrets: [secret])
        return try (0..<count).flatMap { index in
            // The last of two equal names counts, so the id stands at the end.
            let own =
                body.dropLast(while: { $0 != UInt8(ascii: "}") }).dropLast()
                + Array(#", "unique_id": "bench-\#(index)"}"#.utf8)
            let bytes = Array(own)
            let request = InboundRequest(
                source: "bench", headers: [scheme.sign(bytes, with: secret)], body: bytes,
                receivedAt: Timestamp(microseconds: Int64(index)))
            return try verifier.verify(request).events
        }
    }
}

extension Array {
    /// Without the elements at the end that fulfil `isDropped`.
    fileprivate func dropLast(while isDropped: (Element) -> Bool) -> ArraySlice<Element> {
        var end = endIndex
        while end > startIndex, isDropped(self[end - 1]) { end -= 1 }
        return self[..<end]
    }
}
