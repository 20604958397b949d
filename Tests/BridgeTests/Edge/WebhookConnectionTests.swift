import Bridge
import Events
import Foundation
import Store
import TestSupport
import Testing
import Transports

/// What a connection of the webhook listener does with requests that come in good faith and out of the ordinary.
@Suite(.timeLimit(.minutes(3))) struct WebhookConnectionTests {
    static let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"

    // MARK: Expect: 100-continue

    @Test func aSenderThatAsksFirstIsToldToGoOn() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            for id in ["a", "b"] {
                connection.send(RawRequest.signedHead(id: id, fields: ["Expect: 100-Continue"]))
                let word = String(decoding: connection.receive(silence: 300).bytes, as: UTF8.self)
                #expect(word == "HTTP/1.1 100 Continue\r\n\r\n")
                connection.send(RawRequest.signedBody(id: id))
                let answer = connection.receive(silence: 300)
                #expect(RawHTTPConnection.statuses(answer.bytes) == [200])
                #expect(!answer.isClosed)
            }
        }
    }

    @Test func whoWouldBeRefusedAnywayIsNotToldToGoOn() async throws {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 1_000
        try await RunningBridge.with(rules: Self.rules, limits: limits) { bridge in
            let cases: [(line: String, fields: [String], status: Int)] = [
                ("POST /elsewhere HTTP/1.1", ["Content-Length: 9"], 404),
                ("PUT /api/webhook HTTP/1.1", ["Content-Length: 9"], 405),
                ("POST /api/webhook HTTP/1.1", ["Content-Length: 1001"], 413),
                ("POST /api/webhook HTTP/1.1", ["Content-Length: 9", "Content-Encoding: gzip"], 415),
            ]
            for (line, fields, status) in cases {
                let connection = try RawHTTPConnection(port: bridge.webhookPort)
                let head = [line, "Host: h", "Expect: 100-continue"] + fields
                connection.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8))
                let answer = connection.receive(silence: 3_000)
                #expect(RawHTTPConnection.statuses(answer.bytes) == [status])
                #expect(answer.isClosed)
            }
        }
    }

    @Test func aSenderWithTheOldVersionIsSpokenToInItsWords() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            let fields = ["Expect: 100-continue", "Connection: keep-alive"]
            let line = "POST /api/webhook/ HTTP/1.0"
            for id in ["a", "b"] {
                connection.send(RawRequest.signedHead(id: id, line: line, fields: fields))
                #expect(connection.receive(silence: 200).bytes.isEmpty)
                connection.send(RawRequest.signedBody(id: id))
                let answer = String(decoding: connection.receive(silence: 300).bytes, as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(answer.contains("\r\nConnection: keep-alive\r\n"))
            }
            connection.send(RawRequest.signedHead(id: "c", line: line) + RawRequest.signedBody(id: "c"))
            let last = connection.receive(silence: 3_000)
            #expect(String(decoding: last.bytes, as: UTF8.self).contains("\r\nConnection: close\r\n"))
            #expect(last.isClosed)
        }
    }

    // MARK: Pipelining, targets, fields of answers

    @Test func pipelinedRequestsAreAnsweredInTheirOrder() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            let nowhere = Array("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
            let requests = (1...5).flatMap { RawRequest.signed(id: "p\($0)") + nowhere }
            connection.send(requests)
            let answer = connection.receive(silence: 500)
            #expect(RawHTTPConnection.statuses(answer.bytes) == (1...5).flatMap { _ in [200, 404] })
            #expect(!answer.isClosed)
            let text = String(decoding: answer.bytes, as: UTF8.self)
            let ids = text.split(separator: #""id":""#).dropFirst().compactMap { Int($0.prefix { $0 != "\"" }) }
            #expect(ids == [1, 2, 3, 4, 5])
        }
    }

    @Test func pipelinedRequestsWaitForTheCommitAheadOfThem() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            store.hold()
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            connection.send((1...3).flatMap { RawRequest.signed(id: "p\($0)") })
            try await store.holds(1)
            #expect(connection.receive(silence: 200).bytes.isEmpty)
            store.release()
            #expect(RawHTTPConnection.statuses(connection.receive(silence: 500).bytes) == [200, 200, 200])
        }
    }

    @Test(arguments: ["/api/webhook", "/api/webhook/?x=1&y", "http://h:80/api/webhook/", "https://h/api/webhook?a=://"])
    func aTargetIsItsPath(target: String) async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            connection.send(
                RawRequest.signedHead(id: "a", line: "POST \(target) HTTP/1.1") + RawRequest.signedBody(id: "a"))
            #expect(RawHTTPConnection.statuses(connection.receive(silence: 300).bytes) == [200])
        }
    }

    @Test(arguments: ["/", "/api/webhook//", "/api/webhook/x", "http://api/webhook", "/api?/api/webhook", "*"])
    func anotherPathIsNoSource(target: String) async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            connection.send(
                RawRequest.signedHead(id: "a", line: "POST \(target) HTTP/1.1") + RawRequest.signedBody(id: "a"))
            #expect(RawHTTPConnection.statuses(connection.receive(silence: 3_000).bytes) == [404])
        }
    }

    @Test func anAnswerToHEADHasNoBody() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            connection.send(Array("HEAD /api/webhook/ HTTP/1.1\r\nHost: h\r\n\r\n".utf8) + RawRequest.signed(id: "a"))
            let text = String(decoding: connection.receive(silence: 300).bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
            #expect(text.contains("\r\nAllow: POST\r\n"))
            #expect(text.contains("\r\n\r\nHTTP/1.1 200 OK\r\n"), "a body stands behind the answer to HEAD: \(text)")
        }
    }

    @Test func answersCarryTheTimeAndAreNotKept() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let answer = try await bridge.post(#"{"unique_id": "e1"}"#)
            let date = try #require(answer.header("date"))
            #expect(bridge.clock.now().rfc5322().dropLast(5) + "GMT" == date)
            #expect(answer.header("content-type") == "application/json")
            #expect(answer.header("cache-control") == "no-store")
            #expect(answer.header("x-content-type-options") == "nosniff")
        }
    }

    // MARK: Ends in mid-request

    @Test func aSenderThatSendsNoMoreIsAnswered() async throws {
        try await RunningBridge.with(rules: Self.rules) { bridge in
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            connection.send(RawRequest.signed(id: "a"))
            connection.endSending()
            let answer = connection.receive(silence: 3_000)
            #expect(RawHTTPConnection.statuses(answer.bytes) == [200])
            #expect(answer.isClosed)
            let idle = try RawHTTPConnection(port: bridge.webhookPort)
            idle.endSending()
            #expect(idle.receive(silence: 3_000).isClosed)
            let half = try RawHTTPConnection(port: bridge.webhookPort)
            half.send(RawRequest.signed(id: "b").dropLast(5))
            half.endSending()
            let refused = half.receive(silence: 3_000)
            #expect(RawHTTPConnection.statuses(refused.bytes) == [400])
            #expect(refused.isClosed)
        }
    }

    @Test func aSenderThatIsGoneInMidCommitLeavesNothingBehind() async throws {
        let store = KeptStore(MemoryStore())
        var limits = HTTPLimits()
        // Room for one body: what is not given back is missed.
        limits.bodiesInFlightBytesMax = RawRequest.signedBody(id: "a").count
        try await RunningBridge.with(rules: Self.rules, store: store, limits: limits) { bridge in
            let port = bridge.webhookPort
            for id in ["a", "b", "c"] {
                store.hold()
                do {
                    let connection = try RawHTTPConnection(port: port)
                    connection.send(RawRequest.signed(id: id))
                    try await store.holds(1)
                }
                let other = try RawHTTPConnection(port: port)
                other.send(RawRequest.signed(id: "x"))
                let full = String(decoding: other.receive(silence: 300).bytes, as: UTF8.self)
                #expect(full.hasPrefix("HTTP/1.1 503 "), "the body that the store still has counts")
                store.release()
            }
            let honest = try RawHTTPConnection(port: port)
            honest.send(RawRequest.signed(id: "d"))
            #expect(RawHTTPConnection.statuses(honest.receive(silence: 300).bytes) == [200])
            #expect(try await store.status(now: bridge.clock.now()).events == 4)
        }
    }

    @Test func aSlowStoreIsNotWaitedForForever() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            store.hold()
            let connections = try (0..<3).map { _ in try RawHTTPConnection(port: bridge.webhookPort) }
            for (number, connection) in connections.enumerated() {
                connection.send(RawRequest.signed(closes: number != 2, id: "late\(number)"))
            }
            try await store.holds(3)
            for connection in connections {
                let answer = connection.receive(silence: Int32(Receiver.commitSecondsMax * 1_000 + 1_000))
                let text = String(decoding: answer.bytes, as: UTF8.self)
                #expect(text.hasPrefix("HTTP/1.1 503 "))
                #expect(text.contains("\r\nRetry-After: 30\r\n"))
            }
            // Nobody is told of the late commit: the next answer belongs to the next request.
            store.release()
            connections[2].send(RawRequest.signed(id: "late2"))
            let text = String(decoding: connections[2].receive(silence: 300).bytes, as: UTF8.self)
            #expect(RawHTTPConnection.statuses(Array(text.utf8)) == [200])
            #expect(text.contains(#"{"status":"duplicate""#), "what was given up is stored all the same")
        }
    }

    @Test func aCommitUnderWayIsAnsweredBeforeTheServerEnds() async throws {
        let store = KeptStore(MemoryStore())
        try await RunningBridge.with(rules: Self.rules, store: store) { bridge in
            store.hold()
            let connection = try RawHTTPConnection(port: bridge.webhookPort)
            connection.send(RawRequest.signed(id: "a"))
            try await store.holds(1)
            async let stopped: Void = bridge.bridge.stop()
            try await Task.sleep(for: .milliseconds(1_500))
            #expect(throws: (any Error).self) { try RawHTTPConnection(port: bridge.webhookPort) }
            store.release()
            let answer = connection.receive(silence: 3_000)
            #expect(RawHTTPConnection.statuses(answer.bytes) == [200])
            #expect(String(decoding: answer.bytes, as: UTF8.self).contains("\r\nConnection: close\r\n"))
            #expect(answer.isClosed)
            await stopped
        }
        #expect(try await store.status(now: Timestamp(seconds: 0)).events == 1)
    }
}
