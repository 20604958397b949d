import Bridge
import Events
import Mail
import Rules
import Store
import Synchronization
import TestSupport
import Testing

/// What operators are told of over a restart of the server, with a database on disk.
@Suite(.timeLimit(.minutes(2))) struct OperatorRestartTests {
    private static let rules = "rules: [{name: failed-calls, when: failed, notify: b@example.com}]"
    private static let event = #"{"unique_id":"1","status_code":500}"#

    private let folder: ScratchFolder
    private let clock = ManualClock()

    init() throws { folder = try ScratchFolder() }

    /// One run of the server; the next one finds what this left. Its replies are for mails of rules alone.
    private func run(
        _ reply: Reply = .taken, report: String = "never", _ body: @Sendable @escaping (Run) async throws -> Void
    ) async throws {
        let clock = clock
        let store = try SQLiteStore.open(
            path: folder.path + "/hookmail.db",
            options: StoreOptions(freeBytes: { .max }, clock: { clock.reading() }))
        let transport = RuleMailTransport(reply)
        func adjust(_ parts: inout Bridge.Parts) throws {
            parts.clock = clock
            parts.transport = transport
            parts.operators.addresses = ["ops@example.com"]
            parts.operators.report = report == "never" ? nil : try Schedule.read(report)
            parts.operatorPause = .milliseconds(20)
        }
        try await RunningBridge.with(rules: Self.rules, store: store, adjust: adjust) { bridge in
            try await body(Run(bridge: bridge, transport: transport, clock: clock, store: store))
        }
    }

    /// A running server and what it sent to operators.
    private struct Run: Sendable {
        let bridge: RunningBridge
        let transport: RuleMailTransport
        let clock: ManualClock
        let store: any Store

        /// Waits until operators got as many mails, and looks that no further one comes.
        func expect(_ subjects: [String]) async throws {
            for _ in 0..<1_000 where transport.own.count < subjects.count {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(150))
            #expect(transport.own.map { ReadableMessage($0.bytes).subject } == subjects)
        }

        /// The text of the last one.
        func text() throws -> String { ReadableMessage(try #require(transport.own.last).bytes).text }

        /// Waits until the store remembers something that has this in it.
        func remembers(_ words: String) async throws {
            for _ in 0..<1_000 {
                let content = try await store.memo(.operators)?.content ?? []
                if String(decoding: content, as: UTF8.self).contains(words) { return }
                try await Task.sleep(for: .milliseconds(5))
            }
            Issue.record("the store does not remember \(words)")
        }

        /// Waits until a mail of a rule is in that state.
        func hasMail(_ state: DeliveryState) async throws {
            for _ in 0..<1_000 {
                if try await !store.deliveries(state: state, before: nil, limit: 1).isEmpty { return }
                try await Task.sleep(for: .milliseconds(5))
            }
            Issue.record("no mail is \(state)")
        }
    }

    @Test func aTroubleThatLastsIsToldOnce() async throws {
        let busy = Reply(classification: .transient, code: 451, text: "later", reason: .deferred)
        try await run(busy) { run in
            _ = try await run.bridge.post(Self.event)
            try await run.hasMail(.queued)
            run.clock.advance(by: .seconds(3_700))
            try await run.expect(["[trouble] Mails have waited for more than an hour"])
            try await run.remembers("mails wait")
        }
        clock.advance(by: .seconds(60))
        try await run(busy) { run in
            try await run.expect([])
            run.clock.advance(by: .seconds(86_400))
            try await run.expect(["[trouble] Mails have waited for more than an hour"])
        }
    }

    /// What counts as known is known from the first look on, also where nothing is wrong yet.
    @Test func howManyMailsAreDeadIsKeptAtOnce() async throws {
        try await run { run in try await run.remembers(#""dead_known":0"#) }
    }

    /// A clock was ahead when the last report went out, and was put right while nobody looked.
    @Test func aReportThatWentOutInTheFutureHoldsNoneBack() async throws {
        let schedule = "daily at 09:00 UTC"
        let ahead = clock.now().advanced(by: .seconds(30 * 86_400))
        let report = #"{"schedule":"\#(try Schedule.read(schedule).text)","since":\#(ahead.microseconds)}"#
        let memo = #"{"told":{},"pending":[],"earliest":null,"dead_known":0,"report":\#(report)}"#
        let store = try SQLiteStore.open(path: folder.path + "/hookmail.db", options: StoreOptions(freeBytes: { .max }))
        try await store.keep(Array(memo.utf8), as: .operators, now: clock.now())
        await store.close()
        try await run(report: schedule) { run in
            try await run.remembers("\(run.clock.now().microseconds)")
            run.clock.advance(by: .seconds(86_400))
            for _ in 0..<1_000 where run.transport.own.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            #expect(run.transport.own.count == 1)
        }
    }

    /// A mail about it had to wait for the hour to pass, and the server ended first.
    @Test func whatHadToWaitIsToldAfterTheRestart() async throws {
        let refused = Reply(classification: .permanent, code: 554, text: "no", reason: nil)
        try await run(refused) { run in
            _ = try await run.bridge.post(Self.event)
            try await run.expect(["[trouble] A mail was given up"])
            _ = try await run.bridge.post(#"{"unique_id":"2","status_code":500}"#)
            try await run.bridge.settled()
            try await run.remembers(#""kind":"dead_mails""#)
        }
        clock.advance(by: .seconds(600))
        try await run(refused) { run in
            try await run.expect([])
            run.clock.advance(by: .seconds(3_000))
            try await run.expect(["[trouble] A mail was given up"])
        }
    }

    /// While logins were refused nothing could be told; the restart brought the right password.
    @Test func aHoldThatTheRestartEndsIsTold() async throws {
        let denied = Reply(classification: .configuration, code: 535, text: "no", reason: .loginRefused)
        try await run(denied) { run in
            _ = try await run.bridge.post(Self.event)
            try await run.hasMail(.held)
            try await run.remembers(#""kind":"held""#)
            #expect(run.transport.own.isEmpty)
        }
        clock.advance(by: .seconds(30))
        try await run { run in
            try await run.expect(["[trouble] No mail is sent"])
            #expect(try run.text().contains("it is over."))
        }
    }

    @Test func aReportThatWasDueWhileTheServerWasDownComesOnceWithItsSpan() async throws {
        // Friday, 15 January 2027, 08:00 UTC.
        let weekly = "weekly on mon at 09:00 UTC"
        try await run(report: weekly) { run in
            _ = try await run.bridge.post(Self.event)
            try await run.bridge.settled()
            try await run.remembers("weekly on mon")
            #expect(run.transport.own.isEmpty)
        }
        clock.advance(by: .seconds(20 * 86_400))
        try await run(report: weekly) { run in
            try await run.expect(["[report] rules of Hookmail: nothing stands out"])
            let text = try run.text()
            #expect(text.contains("15 Jan to 4 Feb"), "\(text)")
            #expect(text.contains("18 Jan 2027"), "when it was due: \(text)")
            run.clock.advance(by: .seconds(4 * 86_400 + 7_200))
            try await run.expect([
                "[report] rules of Hookmail: nothing stands out", "[report] rules of Hookmail: 1 to look at",
            ])
            #expect(try !run.text().contains("Was due"))
        }
        // In time before the next one is due: nothing.
        clock.advance(by: .seconds(86_400))
        try await run(report: weekly) { run in try await run.expect([]) }
    }

    /// Counts from when the schedule is first seen, as in a store that an earlier version wrote.
    @Test func aStoreThatRemembersNothingSendsNoReportAtOnce() async throws {
        try await run { run in try await run.expect([]) }
        clock.advance(by: .seconds(20 * 86_400))
        try await run(report: "daily at 09:00 UTC") { run in try await run.expect([]) }
    }
}

/// Answers mails of rules as it is told, and takes those to operators.
private final class RuleMailTransport: MailTransport {
    private let reply: Reply
    private let sent = Mutex<[Message]>([])

    init(_ reply: Reply) { self.reply = reply }

    var connectionsMax: Int { 2 }

    /// What went to operators.
    var own: [Message] { sent.withLock { $0 } }

    func send(_ message: Message) async -> Reply {
        guard message.recipient.description == "ops@example.com" else { return reply }
        sent.withLock { $0.append(message) }
        return .taken
    }

    func shutdown(grace: Duration) async {}
}
