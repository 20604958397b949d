import Bridge
import Events
import Rules
import Store
import TestSupport
import Testing
import Transports

/// Every event is decided exactly once, by the rules that were in force at its place in the log: across many reloads,
/// across a restart with other rules, and across a crash between the append of a rule set and its evaluation.
@Suite(.timeLimit(.minutes(5))) struct ReloadOrderTests {
    /// Both kinds of store, made anew.
    enum Kind: String, CaseIterable {
        case memory, sqlite

        func make(_ folder: ScratchFolder) throws -> any Store {
            switch self {
            case .memory: MemoryStore()
            case .sqlite: try SQLiteStore.open(path: folder.path + "/hookmail.db", options: StoreOptions())
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func fiftyReloadsUnderLoadDecideEveryEventOnce(kind: Kind) async throws {
        let scratch = try ScratchFolder()
        let store = KeptStore(try kind.make(scratch))
        let folder = try ReloadableFolder(rules: Self.rules(0))
        try await RunningBridge.with(rules: "", store: store, adjust: folder.adjust) { bridge in
            let isDone = Current(false)
            let generation = Current(0)
            async let posted = withThrowingTaskGroup(of: Int.self) { group in
                for sender in 0..<4 {
                    group.addTask {
                        var count = 0
                        while !isDone.value {
                            // No sender runs ahead of the reloads: a fast server would only make the test longer.
                            guard count < Self.postsPerReloadMax * (generation.value + 1) else {
                                try await Task.sleep(for: .milliseconds(1))
                                continue
                            }
                            let body = #"{"unique_id": "s\#(sender)-\#(count)", "status_code": 500}"#
                            if try await bridge.post(body).status == 200 { count += 1 }
                        }
                        return count
                    }
                }
                return try await group.reduce(0, +)
            }
            for number in 1...50 {
                generation.replace(with: number)
                try folder.write(rules: Self.rules(number))
                #expect(try await bridge.reload().answer["status"] == .string("reloaded"))
            }
            isDone.replace(with: true)
            let count = try await posted
            try await Self.evaluated(store)
            #expect(count > 50, "the load did not get through")
            var lastGeneration = 0
            for event in 1...Int64(count) {
                let rules = try await bridge.rules(about: event)
                #expect(rules.count == 2, "event \(event) was decided by \(rules)")
                #expect(rules.first == "always")
                let generation = try #require(rules.last?.split(separator: "-").last.flatMap { Int($0) })
                #expect(generation >= lastGeneration, "event \(event) was decided by rules that were out of force")
                lastGeneration = generation
            }
            #expect(lastGeneration > 10)
        }
        await store.end()
    }

    @Test(arguments: Kind.allCases)
    func whatWaitsAtARestartIsDecidedByTheRulesItWasAcceptedUnder(kind: Kind) async throws {
        let scratch = try ScratchFolder()
        let store = KeptStore(try kind.make(scratch))
        try await RunningBridge.with(rules: Self.text("a"), store: store) { try await $0.settled() }
        // Accepted and not evaluated; then a reload whose process died before evaluation came to it.
        try await Self.append("1", to: store)
        let second = try RunningBridge.ruleSet(Self.text("b"))
        try await store.append(.ruleSet(hash: second.hash, text: second.text), at: Timestamp(seconds: 1_800_000_000))
        try await Self.append("2", to: store)
        try await RunningBridge.with(rules: Self.text("c"), store: store) { bridge in
            _ = try await bridge.post(#"{"unique_id": "3", "status_code": 500}"#)
            try await bridge.settled()
            for (event, rule) in [(1, "a"), (2, "b"), (3, "c")] {
                #expect(try await bridge.rules(about: Int64(event)) == [rule])
            }
        }
        // The same rules once more: nothing is decided again.
        try await RunningBridge.with(rules: Self.text("c"), store: store) { bridge in
            try await bridge.settled()
            #expect(try await bridge.rules(about: 3) == ["c"])
        }
        await store.end()
    }

    @Test(arguments: Kind.allCases)
    func throttlesOfUnchangedRulesOutliveARestartWithOtherRules(kind: Kind) async throws {
        let scratch = try ScratchFolder()
        let store = KeptStore(try kind.make(scratch))
        let kept = "{name: kept, when: failed, notify: a@example.com, at_most: 1 per 1h}"
        try await RunningBridge.with(rules: "rules: [\(kept)]", store: store) { bridge in
            _ = try await bridge.post(#"{"unique_id": "1", "status_code": 500}"#)
            try await bridge.settled()
        }
        try await Self.append("2", to: store)
        let more = "{name: more, when: failed, notify: b@example.com}"
        try await RunningBridge.with(rules: "rules: [\(more), \(kept)]", store: store) { bridge in
            _ = try await bridge.post(#"{"unique_id": "3", "status_code": 500}"#)
            try await bridge.settled()
            #expect(try await bridge.rules(about: 2) == ["kept"])
            #expect(try await bridge.rules(about: 3) == ["kept", "more"])
            let kept = try await bridge.store.decisions(aboutEvent: 3).first { $0.rule == "kept" }
            #expect(kept?.outcome == .suppressed(.throttled))
        }
        await store.end()
    }

    @Test func rulesThatCannotBeReadAnyMoreAreReplacedByTheNewOnes() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.text("a"), store: store) { try await $0.settled() }
        let state = try await store.evaluatorState()
        var evaluation = Evaluation(at: Timestamp(seconds: 1_800_000_000))
        evaluation.stateChanges = [EngineStateRow(key: "rule_set", value: Array("rules: [{nome: a}]".utf8))]
        _ = try await store.commit(evaluation, expecting: state.cursor)
        try await Self.append("1", to: store)
        try await store.append(.ruleSet(hash: "0", text: "rules: nonsense"), at: Timestamp(seconds: 1_800_000_000))
        try await RunningBridge.with(rules: Self.text("b"), store: store) { bridge in
            try await bridge.settled()
            #expect(try await bridge.rules(about: 1) == ["b"])
        }
    }

    // MARK: Making

    /// The most events of one sender between two reloads.
    private static let postsPerReloadMax = 10

    private static func rules(_ generation: Int) -> [String] {
        [
            "{name: always, when: failed, notify: a@example.com, at_most: 1 per 1h}",
            "{name: only-\(generation), when: failed, notify: a@example.com, at_most: 1 per 1h}",
        ]
    }

    private static func text(_ name: String) -> String {
        "rules: [{name: \(name), when: failed, notify: a@example.com}]"
    }

    /// Puts an event into the log that nobody evaluates yet.
    private static func append(_ id: String, to store: some Store) async throws {
        let body = Array(#"{"unique_id": "\#(id)", "status_code": 500}"#.utf8)
        let signature = SignatureScheme.keywordsai.sign(body, with: RunningBridge.secret)
        let verifier = SignatureVerifier(source: "test", scheme: .keywordsai, secrets: [RunningBridge.secret])
        let delivery = try verifier.verify(
            InboundRequest(
                source: "test", headers: [signature], body: body, receivedAt: Timestamp(seconds: 1_800_000_000)))
        _ = try await store.append(delivery.events)
    }

    private static func evaluated(_ store: some Store) async throws {
        for _ in 0..<4_000 {
            if try await store.status(now: Timestamp(seconds: 1_800_000_000)).unevaluated == 0 { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the log was not evaluated")
    }
}
