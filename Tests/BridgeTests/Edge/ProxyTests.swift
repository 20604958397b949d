import Events
import Foundation
import Store
import TestSupport
import Testing
import Transports

/// The webhook listener behind real proxies with README's configurations.
@Suite(.enabled(if: !ProxyKind.installed.isEmpty, "neither nginx nor Caddy is installed"), .timeLimit(.minutes(3)))
struct ProxyTests {
    @Test(arguments: ProxyKind.installed) func noRequestIsHiddenFromTheProxy(kind: ProxyKind) async throws {
        try await RunningBridge.with(rules: EdgeTests.rules) { bridge in
            let proxy = try await kind.before(bridge.webhookPort)
            let port = proxy.port
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
            for word in ["upstream sent", "malformed HTTP", "Unsolicited response"] {
                #expect(!proxy.errorLog.contains(word), "\(proxy.errorLog)")
            }
        }
    }

    @Test(arguments: ProxyKind.installed) func connectionsAreUsedAgain(kind: ProxyKind) async throws {
        try await RunningBridge.with(rules: EdgeTests.rules) { bridge in
            let proxy = try await kind.before(bridge.webhookPort)
            let exchange = HTTPExchange()
            for number in 0..<100 {
                let body = Array(#"{"unique_id": "n\#(number)"}"#.utf8)
                let signature = SignatureScheme.keywordsai.sign(body, with: RunningBridge.secret)
                let answer = try await exchange.send(
                    .init(
                        method: "POST", url: "http://127.0.0.1:\(proxy.port)/api/webhook/",
                        headers: [(signature.name, signature.value)], body: body))
                #expect(answer.status == 200)
            }
            await exchange.shutdown()
            let ends = try Self.connectionEnds(at: bridge.webhookPort)
            #expect((2...20).contains(ends), "each request had a connection of its own")
        }
    }

    /// The longest body of README's limits passes through, and one that is longer does not reach anybody.
    @Test(arguments: ProxyKind.installed) func aBodyOfThirtyMebibytesPasses(kind: ProxyKind) async throws {
        try await RunningBridge.with(rules: EdgeTests.rules) { bridge in
            let proxy = try await kind.before(bridge.webhookPort)
            let exchange = HTTPExchange()
            for (mebibytes, status) in [(30, 200), (33, 413)] {
                let text = String(repeating: "x", count: mebibytes << 20)
                let body = Array(#"{"unique_id": "large", "status_code": 200, "output": "\#(text)"}"#.utf8)
                let signature = SignatureScheme.keywordsai.sign(body, with: RunningBridge.secret)
                let answer = try await exchange.send(
                    .init(
                        method: "POST", url: "http://127.0.0.1:\(proxy.port)/api/webhook/",
                        headers: [(signature.name, signature.value)], body: body))
                #expect(answer.status == status, "\(mebibytes) MiB")
            }
            await exchange.shutdown()
            #expect(try await bridge.store.status(now: bridge.clock.now()).events == 1)
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

/// The proxies that README shows a configuration of.
enum ProxyKind: CaseIterable {
    case nginx, caddy

    /// Those that are installed; where they are required, all.
    static let installed = allCases.filter(\.isInstalled)

    /// Starts one before a port.
    func before(_ port: Int) async throws -> any ProxyInstance {
        switch self {
        case .nginx: try await NginxInstance.before(port)
        case .caddy: try await CaddyInstance.before(port)
        }
    }

    private var isInstalled: Bool {
        switch self {
        case .nginx: NginxInstance.isAvailable
        case .caddy: CaddyInstance.isAvailable
        }
    }
}
