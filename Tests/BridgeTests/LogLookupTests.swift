import Bridge
import Events
import Expressions
import Foundation
import Mail
import Rendering
import Rules
import Store
import TestSupport
import Testing

/// Links to the logs of examples, from the request to the mail.
@Suite(.timeLimit(.minutes(2))) struct LogLookupTests {
    private static let rules = """
        rules:
          - {name: trouble, when: failed, notify: a@example.com, count: {at_least: 3, within: 10m}}
        """

    private func body(_ id: String, error: String) -> String {
        #"{"unique_id":"\#(id)","status_code":500,"model":"m","error_message":"\#(error)"}"#
    }

    /// The mail of three failures of two kinds.
    private func mail(of store: any Store, redaction: RedactionPatterns = .none) async throws -> Message {
        let link = try LogLink(pattern: "https://platform.example.com/logs/{unique_id}")
        let sent = Sent()
        let adjust = { (parts: inout Bridge.Parts) in
            parts.composer = Composer(
                templates: .builtin, identity: parts.composer.identity, redaction: redaction, logLink: link)
        }
        let body = { @Sendable (bridge: RunningBridge) in
            for (id, error) in [("one", "timed out"), ("two", "no quota"), ("three", "timed out")] {
                _ = try await bridge.post(self.body(id, error: error))
            }
            try await bridge.settled()
            await sent.put(bridge.transport.messages.first)
        }
        try await RunningBridge.with(rules: Self.rules, store: store, adjust: adjust, body)
        return try #require(await sent.message)
    }

    @Test(arguments: ["memory", "SQLite"]) func everyClusterLinksToItsNewestLog(kind: String) async throws {
        let folder = try ScratchFolder()
        let options = StoreOptions(freeBytes: { .max })
        let store: any Store =
            kind == "memory"
            ? MemoryStore(options: options) : try SQLiteStore.open(path: folder.path + "/s.db", options: options)
        let text = ReadableMessage(try await mail(of: KeptStore(store)).bytes).text
        for id in ["two", "three"] {
            #expect(text.contains("\n        https://platform.example.com/logs/\(id)\n"), "\(text)")
        }
        #expect(!text.contains("logs/one"), "an older one of the same form")
        #expect(text.contains("\nLog: https://platform.example.com/logs/three\n"))
        withExtendedLifetime(folder) {}
    }

    @Test func whatTheOperatorTakesOutIsInNoLink() async throws {
        let patterns = RedactionPatterns(named: [("id", "three", try Pattern("three"))])
        let message = try await mail(of: KeptStore(MemoryStore()), redaction: patterns)
        let text = ReadableMessage(message.bytes).text
        #expect(text.contains("logs/two") && text.components(separatedBy: "logs/").count == 2, "\(text)")
    }

    @Test func asManyLinksAsThereIsRoomFor() throws {
        var figures = Rules.Notification.Figures(
            event: 1, facts: Facts.none, condition: nil, deciding: [], heldBack: 0, heldBackSince: nil, throttle: nil,
            nextMailAt: nil)
        figures.summary = SummaryFigures(from: Timestamp(seconds: 1), recipient: nil)
        let notification = Rules.Notification(
            id: "1-0", rule: "r", group: nil, reason: .digest, severity: .low, at: Timestamp(seconds: 2),
            recipients: ["a@example.com"], template: nil, subject: nil, holdsThrottleSlot: false, figures: figures)
        #expect(notification.exampleEvents == [1])
        let logs = (1...26).map { number in
            ExampleLog(event: Int64(number), address: "https://example.com/" + String(repeating: "x", count: 1_000))
        }
        let linked = notification.linking(logs)
        #expect((4...8).contains(linked.figures.logs.count) && linked.figures.logs == Array(logs.prefix(7)))
        let read = try Rules.Notification(decoding: linked.encoded())
        #expect(read.figures.logs == linked.figures.logs && read.encoded() == linked.encoded())
        #expect(notification.linking([]).encoded() == notification.encoded())
    }
}

/// A message handed out of a closure.
private actor Sent {
    private(set) var message: Message?
    func put(_ message: Message?) { self.message = message }
}
