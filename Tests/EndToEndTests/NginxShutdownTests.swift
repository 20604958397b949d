import Events
import Foundation
import Synchronization
import TestSupport
import Testing
import Transports

/// A server that is ended and started again behind a real nginx while senders send.
@Suite(.enabled(if: NginxInstance.isAvailable, "nginx is not installed"), .serialized) struct NginxShutdownTests {
    @Test(.timeLimit(.minutes(3))) func endedUnderLoadNoAcknowledgedEventIsLostAndNoRequestIsCut() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: a@example.com}]")
        try await server.start()
        let nginx = try await NginxInstance.before(server.webhookPort)
        let url = "http://127.0.0.1:\(nginx.port)/api/webhook/"
        var acknowledged: Set<String> = []
        for round in 0..<3 {
            if round > 0 { try await server.start() }
            let isOver = Flag()
            async let sent = Self.load(server, url, round: round, until: isOver)
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await server.terminate() == 0)
            isOver.raise()
            let keys = try await sent
            #expect(keys.count > 20, "the load did not get through")
            acknowledged.formUnion(keys)
        }
        // What comes while nobody listens is refused by nginx; what the server had taken is never broken off.
        for word in ["prematurely", "reset by peer", "upstream sent", "timed out"] {
            #expect(!nginx.errorLog.contains(word), "\(nginx.errorLog)")
        }
        try await server.start()
        let stored = Set(try await StoredRecords(server: server).events().compactMap { $0.text("key") })
        #expect(acknowledged.subtracting(stored).isEmpty, "acknowledged events are missing")
        #expect(try await server.terminate() == 0)
    }

    /// Posts over eight connections; the keys that were answered with 200. A connection to nginx that breaks is an
    /// error.
    private static func load(
        _ server: ServerProcess, _ url: String, round: Int, until isOver: Flag
    ) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for sender in 0..<8 {
                group.addTask {
                    let exchange = HTTPExchange()
                    var keys: [String] = []
                    var number = 0
                    while !isOver.isRaised {
                        number += 1
                        let key = "nginx-\(round)-\(sender)-\(number)"
                        let body = Array(#"{"unique_id": "\#(key)", "status_code": 200}"#.utf8)
                        let signature = SignatureScheme.keywordsai.sign(body, with: server.secret)
                        let answer = try await exchange.send(
                            .init(
                                method: "POST", url: url, headers: [(signature.name, signature.value)], body: body,
                                timeout: .seconds(20)))
                        if answer.status == 200 { keys.append(key) }
                        try await Task.sleep(for: .milliseconds(4))
                    }
                    await exchange.shutdown()
                    return keys
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

/// Raised once, seen by all.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }

    func raise() {
        state.withLock { $0 = true }
    }
}
