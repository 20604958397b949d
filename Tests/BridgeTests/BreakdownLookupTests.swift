import Bridge
import Mail
import Store
import TestSupport
import Testing

/// Where an alert's matches come from, from the request to the mail, over every kind of store.
@Suite(.timeLimit(.minutes(2))) struct BreakdownLookupTests {
    private static let rules = """
        rules:
          - {name: trouble, when: failed, notify: a@example.com, count: {at_least: 3, within: 10m}}
        """

    private func body(_ id: Int, model: String, error: String) -> String {
        #"{"unique_id":"e\#(id)","status_code":500,"model":"\#(model)","customer_identifier":"acme","cost":0.5,"#
            + #""error_message":"\#(error)","api_key":"CANARY1"}"#
    }

    @Test(arguments: ["memory", "SQLite"]) func anAlertSaysWhereItsMatchesComeFrom(kind: String) async throws {
        let folder = try ScratchFolder()
        let options = StoreOptions(freeBytes: { .max })
        let store: any Store =
            kind == "memory"
            ? MemoryStore(options: options) : try SQLiteStore.open(path: folder.path + "/s.db", options: options)
        try await RunningBridge.with(rules: Self.rules, store: KeptStore(store)) { bridge in
            _ = try await bridge.post(body(1, model: "gpt-4o", error: "user 17 jo@example.com not found"))
            _ = try await bridge.post(body(2, model: "claude", error: "timed out"))
            _ = try await bridge.post(body(3, model: "gpt-4o", error: "user 18 al@example.com not found"))
            try await bridge.settled()
            let text = ReadableMessage(try #require(bridge.transport.messages.first).bytes).text
            #expect(text.contains("Where they come from: 3 failed calls, $1.50 within 10 minutes."))
            #expect(text.contains("Models by failed calls:\n\n  gpt-4o  2   67%\n  claude  1   33%"))
            #expect(text.contains("| user 18 [e-mail address] not found"))
            #expect(!text.contains("CANARY") && !text.contains("al@example"))
        }
        withExtendedLifetime(folder) {}
    }

    @Test func aStoreThatCannotBeReadStopsNoMail() async throws {
        let store = KeptStore(MemoryStore())
        store.failEvents(.unavailable(detail: "disk I/O error", fatal: false))
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            for id in 1...3 { _ = try await bridge.post(body(id, model: "m", error: "no")) }
            try await bridge.settled()
            let text = ReadableMessage(try #require(bridge.transport.messages.first).bytes).text
            #expect(text.contains("3 failed calls came in") && !text.contains("Where they come from"))
        }
    }
}
