import Events
import Foundation
import Synchronization
import TestSupport
import Testing
import Transports

/// Kills the server with SIGKILL under load, again and again, and then holds the promise against what is left:
/// every acknowledged event is stored, every decision was made exactly once, every mail arrived.
///
/// `HOOKMAIL_CRASHES` sets how often (30 is the full run); `HOOKMAIL_TEST_SEED` repeats a run's moments.
@Suite(.serialized) struct CrashTests {
    static let crashes = ProcessInfo.processInfo.environment["HOOKMAIL_CRASHES"].flatMap(Int.init) ?? 2
    static let eventsPerSecond = 200

    @Test(.enabled(if: PostfixInstance.isAvailable), .timeLimit(.minutes(30)))
    func killedUnderLoadNothingAcknowledgedIsLostAndNothingDecidedTwice() async throws {
        let seed =
            ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
        print("CrashTests: HOOKMAIL_TEST_SEED=\(seed), \(Self.crashes) crashes")
        var random = SeededRandom(seed: seed)
        let postfix = try PostfixInstance.shared()
        let mailbox = "crash-\(UUID().uuidString.prefix(8).lowercased())"
        let server = try ServerProcess(
            mail: postfix.mailLines,
            rest: """
                rules:
                  - {name: failed-calls, when: failed, notify: \(mailbox)@example.test}
                """)
        let acknowledged = Ledger()
        var number = 0
        for crash in 1...Self.crashes {
            try await server.start()
            let millisecondsToLive = Int.random(in: 300...1_500, using: &random)
            number = await load(server, from: number, crash: crash, milliseconds: millisecondsToLive, acknowledged)
        }
        try await server.start()
        let records = StoredRecords(server: server)
        #expect(try await records.settled(secondsMax: 180), "mails are still unfinished")

        let events = try await records.events()
        let stored = Set(events.compactMap { $0.text("key") })
        let promised = Set(acknowledged.keys)
        print("CrashTests: \(promised.count) acknowledged, \(stored.count) stored")
        #expect(promised.count > Self.crashes * 10, "the load did not get through")
        #expect(promised.subtracting(stored).isEmpty, "acknowledged events are missing")
        #expect(stored.count == events.count, "an event is stored twice")

        let mails = try await records.mails()
        let failed = events.filter { ($0.text("key") ?? "").hasSuffix("f") }
        #expect(Set(mails.map { $0.int("event") }) == Set(failed.map { $0.int("id") }), "decisions lost or invented")
        #expect(mails.count == failed.count, "a decision was doubled")
        #expect(mails.allSatisfy { $0.text("state") == "accepted" })
        try await checkMailbox(postfix, mailbox, records, mails)
        #expect(try await server.terminate() == 0)
    }

    /// Posts 200 events a second over several connections until the kill; every second event failed.
    private func load(
        _ server: ServerProcess, from first: Int, crash: Int, milliseconds: Int, _ acknowledged: Ledger
    ) async -> Int {
        let exchanges = (0..<8).map { _ in HTTPExchange() }
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        var number = first
        await withTaskGroup(of: Void.self) { group in
            var due = ContinuousClock.now
            while due < end {
                let id = number
                number += 1
                let exchange = exchanges[id % exchanges.count]
                let key = "crash-\(crash)-\(id)\(id % 2 == 0 ? "f" : "s")"
                let body = #"{"unique_id": "\#(key)", "status_code": \#(id % 2 == 0 ? 500 : 200), "model": "gpt-4o"}"#
                group.addTask {
                    guard let answer = try? await server.post(Array(body.utf8), over: exchange) else { return }
                    if answer.status == 200 { acknowledged.add(key) }
                }
                due += .microseconds(1_000_000 / Self.eventsPerSecond)
                try? await Task.sleep(until: due, clock: .continuous)
            }
            server.kill9()
            for exchange in exchanges { await exchange.shutdown() }
        }
        return number
    }

    /// Every mail's Message-ID is in the mailbox; second copies are explained by an attempt known to be ambiguous.
    private func checkMailbox(
        _ postfix: PostfixInstance, _ mailbox: String, _ records: StoredRecords, _ mails: [JSONObject]
    ) async throws {
        var wanted: [String] = []
        var ambiguous = 0
        for mail in mails {
            let shown = try await records.mail(mail.int("id") ?? 0)
            wanted.append(try #require(shown.text("message_id")))
            ambiguous += shown.objects("attempt_log").count { $0["reply"].flatMap(Self.replyClass) == "ambiguous" }
        }
        #expect(Set(wanted).count == wanted.count, "two mails share a Message-ID")
        var arrived: [String] = []
        for _ in 0..<300 {
            arrived = postfix.delivered(containing: mailbox).map { String(decoding: $0, as: UTF8.self) }.compactMap {
                Self.messageID(of: $0)
            }
            if Set(arrived).isSuperset(of: wanted) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(Set(arrived) == Set(wanted), "mails lost or invented")
        print(
            "CrashTests: \(wanted.count) mails, \(arrived.count - wanted.count) second copies, \(ambiguous) ambiguous")
        #expect(arrived.count - wanted.count <= ambiguous, "a second copy that no ambiguous attempt explains")
    }

    private static func replyClass(_ value: JSONValue) -> String? {
        if case .object(let reply) = value { return reply.text("class") }
        return nil
    }

    private static func messageID(of message: String) -> String? {
        for line in message.split(whereSeparator: \.isNewline) where line.lowercased().hasPrefix("message-id:") {
            guard let start = line.firstIndex(of: "<"), let end = line.lastIndex(of: ">") else { return nil }
            return String(line[line.index(after: start)..<end])
        }
        return nil
    }
}

/// The keys of events that were answered with 200.
private final class Ledger: Sendable {
    private let state = Mutex<[String]>([])

    var keys: [String] { state.withLock { $0 } }

    func add(_ key: String) {
        state.withLock { $0.append(key) }
    }
}
