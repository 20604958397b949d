import Bridge
import Events
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// Content from the request to the mail, over every kind of store.
@Suite(.timeLimit(.minutes(2))) struct ContentTests {
    static let rules = """
        rules:
          - {name: with, when: failed, notify: a@example.com, content: [prompt, completion]}
          - {name: without, when: failed, notify: b@example.com}
        """
    static let body =
        #"{"unique_id":"e1","status_code":500,"model":"m","input":"CANARY by jo@example.com","#
        + #""api_key":"SECRET","variables":{"x":"OTHER"}}"#

    /// A store of this kind, and the folder it lives in.
    private func store(_ kind: String, options: StoreOptions) throws -> (store: any Store, folder: ScratchFolder) {
        let folder = try ScratchFolder()
        let store: any Store =
            kind == "memory"
            ? MemoryStore(options: options) : try SQLiteStore.open(path: folder.path + "/s.db", options: options)
        return (KeptStore(store), folder)
    }

    private func text(to recipient: String, _ bridge: RunningBridge) throws -> String {
        let message = try #require(bridge.transport.messages.first { $0.recipient.description == recipient })
        return ReadableMessage(message.bytes).text
    }

    @Test(arguments: ["memory", "SQLite"]) func onlyARuleThatListsItShowsContent(kind: String) async throws {
        let (store, folder) = try store(kind, options: StoreOptions(freeBytes: { .max }))
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            #expect(try await bridge.post(Self.body).status == 200)
            try await bridge.settled()
            let with = try text(to: "a@example.com", bridge)
            #expect(with.contains("  | CANARY by [e-mail address]") && with.contains("Not in the event: Completion."))
            #expect(!with.contains("SECRET") && !with.contains("OTHER"))
            #expect(try !text(to: "b@example.com", bridge).contains("CANARY"))
        }
        let records = try await store.deliveries(state: nil, before: nil, limit: 9)
        let kept = records.map { ($0.notification.rule, $0.notification.figures.content) }
        #expect(kept.first { $0.0 == "without" }?.1 == nil)
        let content = try #require(kept.first { $0.0 == "with" }?.1)
        #expect(content.body == .read && content.excerpts.map(\.text) == ["CANARY by [e-mail address]"])
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: ["memory", "SQLite"]) func aBodyThatIsNotStoredIsSaidInTheMail(kind: String) async throws {
        let options = StoreOptions(storesBodies: false, freeBytes: { .max })
        let (store, folder) = try store(kind, options: options)
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            _ = try await bridge.post(Self.body)
            try await bridge.settled()
            let text = try text(to: "a@example.com", bridge).split(separator: "\n").joined(separator: " ")
            #expect(
                text.contains(
                    "Prompt and Completion cannot be shown: the body of event 1 was not stored, or is gone "
                        + "(keep: bodies)."))
        }
        withExtendedLifetime(folder) {}
    }

    @Test func aBodyThatCannotBeReadStopsNoMail() async throws {
        let store = KeptStore(MemoryStore())
        store.failBodies(.unavailable(detail: "disk I/O error", fatal: false))
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            _ = try await bridge.post(Self.body)
            try await bridge.settled()
            let text = try text(to: "a@example.com", bridge).split(separator: "\n").joined(separator: " ")
            #expect(text.contains("the stored body of event 1 could not be read."))
            #expect(bridge.transport.messages.count == 2)
        }
    }

    @Test func decisionsDoNotDependOnBodies() async throws {
        let (stored, gone) = (MemoryStore(), MemoryStore(options: StoreOptions(storesBodies: false)))
        var outcomes: [[Decision]] = []
        for store in [stored, gone] {
            let kept = KeptStore(store)
            try await RunningBridge.with(rules: Self.rules, store: kept) { bridge in
                _ = try await bridge.post(Self.body)
                try await bridge.settled()
            }
            outcomes.append(try await store.decisions(aboutEvent: 1))
        }
        #expect(outcomes[0] == outcomes[1] && outcomes[0].count == 2)
    }

    /// More events with content than one transaction takes: each still gets its own.
    @Test func everyEventGetsItsOwnContent() async throws {
        let rules = "rules: [{name: all, when: failed, notify: a@example.com, content: [prompt]}]"
        let count = ContentLookup.batchBodiesMax * 2 + 7
        let logs = (0..<count).map { #"{"unique_id":"e\#($0)","status_code":500,"input":"text \#($0) end"}"# }
        try await RunningBridge.with(rules: rules) { bridge in
            _ = try await bridge.post("[\(logs.joined(separator: ","))]")
            try await bridge.settled()
            #expect(bridge.transport.messages.count == count)
            let records = try await bridge.store.deliveries(state: nil, before: nil, limit: 500)
            for record in records {
                let figures = record.notification.figures
                #expect(figures.content?.excerpts.map(\.text) == ["text \((figures.event ?? 0) - 1) end"])
            }
        }
    }
}
