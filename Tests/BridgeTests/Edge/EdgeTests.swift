import Bridge
import Events
import Foundation
import Store
import TestSupport
import Testing
import Transports

/// The edge of the webhook listener against raw bytes, slow senders and floods.
@Suite(.timeLimit(.minutes(3))) struct EdgeTests {
    static let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"

    @Test func everyRequestHasOneAnswerAndNoneIsHidden() async throws {
        #expect(RawRequest.names.count >= 40)
        for name in RawRequest.names {
            let request = try RawRequest(name)
            try await RunningBridge.with(rules: Self.rules) { bridge in
                let port = bridge.webhookPort
                let answer = try await DetachedThread.run {
                    let connection = try RawHTTPConnection(port: port)
                    connection.send(request.bytes)
                    return connection.receive(silence: request.isClosed ? 3_000 : 200)
                }
                let text = String(decoding: answer.bytes, as: UTF8.self)
                #expect(RawHTTPConnection.statuses(answer.bytes) == request.statuses, "\(name): \(text)")
                #expect(answer.isClosed == request.isClosed, "\(name): \(text)")
                let events = try await bridge.store.status(now: bridge.clock.now()).events
                #expect(events == (request.statuses.contains(200) ? 1 : 0), "\(name) hid a request")
            }
        }
    }

    @Test func bytesOneByOneMakeTheSameRequests() async throws {
        for name in ["two-signed-posts-in-one-write", "length-and-encoding", "chunked"] {
            let request = try RawRequest(name)
            try await RunningBridge.with(rules: Self.rules) { bridge in
                let port = bridge.webhookPort
                let answer = try await DetachedThread.run {
                    let connection = try RawHTTPConnection(port: port)
                    for byte in request.bytes where !connection.send([byte]) { break }
                    return connection.receive(silence: request.isClosed ? 3_000 : 300)
                }
                #expect(RawHTTPConnection.statuses(answer.bytes) == request.statuses, "\(name)")
            }
        }
    }

    @Test func slowSendersAreCutAndHonestOnesServedMeanwhile() async throws {
        var limits = HTTPLimits()
        limits.headerSecondsMax = 1
        limits.bodyGraceSeconds = 1
        limits.bodySecondsMax = 3
        limits.proxyIdleSecondsMax = 2
        try await RunningBridge.with(rules: Self.rules, limits: limits) { bridge in
            let port = bridge.webhookPort
            async let header = Self.drip(port, "POST /api/webhook/ HTTP/1.1\r\nHost: h\r\nX-A: ")
            async let body = Self.drip(
                port, "POST /api/webhook/ HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
            async let elsewhere = Self.drip(port, "POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
            async let silent = Self.drip(port, "")
            for number in 0..<20 {
                let answer = try await bridge.post(#"{"unique_id": "h\#(number)"}"#)
                #expect(answer.status == 200)
            }
            let statuses = try await [header, body, elsewhere, silent]
            #expect(statuses == [[408], [408], [404], []])
        }
    }

    /// Sends a beginning and then a byte every 100 ms, until the other side closes.
    private static func drip(_ port: Int, _ beginning: String) async throws -> [Int] {
        try await DetachedThread.run {
            let connection = try RawHTTPConnection(port: port)
            connection.send(Array(beginning.utf8))
            var received: [UInt8] = []
            for _ in 0..<100 {
                let answer = connection.receive(silence: 100)
                received += answer.bytes
                if answer.isClosed { return RawHTTPConnection.statuses(received) }
                if !beginning.isEmpty { connection.send([UInt8(ascii: "a")]) }
            }
            Issue.record("a slow sender was not cut")
            return RawHTTPConnection.statuses(received)
        }
    }

    @Test func moreConnectionsThanTheLimitWaitAndAreServedInTheEnd() async throws {
        var limits = HTTPLimits()
        limits.connectionsMax = 8
        limits.proxyIdleSecondsMax = 1
        try await RunningBridge.with(rules: Self.rules, limits: limits) { bridge in
            let port = bridge.webhookPort
            let statuses = try await DetachedThread.run {
                let flood = try (0..<40).map { _ in try RawHTTPConnection(port: port) }
                for connection in flood { connection.send(RawRequest.signed(closes: true)) }
                return flood.flatMap { RawHTTPConnection.statuses($0.receive(silence: 20_000).bytes) }
            }
            #expect(statuses == Array(repeating: 200, count: 40))
        }
    }

    @Test func aSilentProxyConnectionIsAnsweredWhileTheServerEnds() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let port = bridge.webhookPort
            let connection = try RawHTTPConnection(port: port)
            connection.send(RawRequest.signed(id: "before"))
            #expect(RawHTTPConnection.statuses(connection.receive(silence: 300).bytes) == [200])
            async let stopped: Void = bridge.bridge.stop()
            try await Task.sleep(for: .milliseconds(300))
            connection.send(RawRequest.signed(id: "after"))
            let answer = connection.receive(silence: 3_000)
            #expect(RawHTTPConnection.statuses(answer.bytes) == [200])
            #expect(String(decoding: answer.bytes, as: UTF8.self).lowercased().contains("connection: close"))
            #expect(answer.isClosed)
            await stopped
        }
    }
}

extension RunningBridge {
    /// The port that webhooks are received at.
    var webhookPort: Int { URL(string: webhookURL)?.port ?? 0 }
}
