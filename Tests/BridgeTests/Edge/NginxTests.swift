import Events
import Foundation
import Store
import TestSupport
import Testing
import Transports

/// The webhook listener behind a real nginx with README's configuration.
@Suite(.enabled(if: NginxInstance.isAvailable, "nginx is not installed"), .timeLimit(.minutes(3)))
struct NginxTests {
    @Test func noRequestIsHiddenFromNginx() async throws {
        try await RunningBridge.with(rules: EdgeTests.rules) { bridge in
            let nginx = try await NginxInstance.before(bridge.webhookPort)
            let port = nginx.port
            var stored: Int64 = 0
            for name in RawRequest.names {
                let request = try RawRequest(name, id: name)
                let answer = try await DetachedThread.run {
                    let connection = try RawHTTPConnection(port: port)
                    connection.send(request.bytes)
                    return connection.receive(silence: 200)
                }
                let statuses = RawHTTPConnection.statuses(answer.bytes)
                let events = try await bridge.store.status(now: bridge.clock.now()).events
                #expect(events - stored == (statuses.contains(200) ? 1 : 0), "\(name): \(statuses)")
                #expect(statuses.count <= 2, "\(name): \(statuses)")
                stored = events
            }
            #expect(stored > 0, "nothing got through")
            #expect(!nginx.errorLog.contains("upstream sent"), "\(nginx.errorLog)")
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await RunningBridge.with(rules: EdgeTests.rules) { bridge in
            let nginx = try await NginxInstance.before(bridge.webhookPort)
            let exchange = HTTPExchange()
            for number in 0..<100 {
                let body = Array(#"{"unique_id": "n\#(number)"}"#.utf8)
                let signature = SignatureScheme.keywordsai.sign(body, with: RunningBridge.secret)
                let answer = try await exchange.send(
                    .init(
                        method: "POST", url: "http://127.0.0.1:\(nginx.port)/api/webhook/",
                        headers: [(signature.name, signature.value)], body: body))
                #expect(answer.status == 200)
            }
            await exchange.shutdown()
            let ends = try Self.connectionEnds(at: bridge.webhookPort)
            #expect((2...20).contains(ends), "each request had a connection of its own")
        }
    }

    /// How many ends of connections the system knows at a port, with those that closed in the last minute.
    private static func connectionEnds(at port: Int) throws -> Int {
        let digits = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        let listening = "0A"
        let table = try TestProcess.run("/bin/cat", ["/proc/net/tcp"]).output
        return table.split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[3] != listening
                && (fields[1].hasSuffix(suffix) || fields[2].hasSuffix(suffix))
        }
    }
}
