import TestSupport
import Testing

@testable import Transports

/// The small HTTP client of the commands.
@Suite(.timeLimit(.minutes(5)))
struct HTTPExchangeTests {
    private static let fine = "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-Thing:  a b \r\n\r\nhello"

    @Test func requestAndResponseAreWhole() async throws {
        let server = try RawHTTPServer(response: Self.fine)
        let exchange = HTTPExchange()
        let response = try await exchange.send(
            .init(
                method: "POST", url: "http://127.0.0.1:\(server.port)/api/x?y=1",
                headers: [("X-Signature", "abc"), ("Content-Type", "application/json"), ("X-Empty", "")],
                body: Array("{\"a\":1}".utf8)
            )
        )
        #expect(response.status == 201)
        #expect(response.body == Array("hello".utf8))
        #expect(response.header("x-thing") == "a b")
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /api/x?y=1 HTTP/1.1\r\n"))
        for line in [
            "X-Signature: abc\r\n", "Content-Type: application/json\r\n", "X-Empty:\r\n", "Content-Length: 7\r\n",
        ] {
            #expect(request.contains(line), "\(request)")
        }
        #expect(request.hasSuffix("\r\n\r\n{\"a\":1}"))
        await exchange.shutdown()
    }

    @Test func burstUsesOneConnection() async throws {
        let server = try RawHTTPServer(response: Self.fine)
        let exchange = HTTPExchange()
        let url = "http://127.0.0.1:\(server.port)/"
        for number in 0..<20 {
            let request: HTTPExchange.Request =
                number.isMultiple(of: 2) ? .init(url: url) : .init(method: "DELETE", url: url, body: [])
            #expect(try await exchange.send(request).status == 201)
        }
        await exchange.shutdown()
        #expect(server.connections == 1)
        #expect(server.requests.filter { $0.hasPrefix("GET ") }.count == 10)
        #expect(server.requests.filter { $0.hasPrefix("DELETE ") && $0.contains("Content-Length: 0") }.count == 10)
    }

    @Test func largeBodyGoesOutWithoutWaiting() async throws {
        let server = try RawHTTPServer(response: Self.fine)
        let exchange = HTTPExchange()
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let response = try await exchange.send(
            .init(method: "POST", url: "http://127.0.0.1:\(server.port)/", body: body)
        )
        #expect(response.status == 201)
        #expect(server.requests.first?.contains("Expect:") == false)
        await exchange.shutdown()
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://a b/", "http://x/\r\nEvil: 1", "",
    ])
    func otherURLsAreRefused(_ url: String) async {
        let exchange = HTTPExchange()
        await #expect(throws: HTTPExchange.Fault.self) { _ = try await exchange.send(.init(url: url)) }
        await exchange.shutdown()
    }

    @Test func headerLinesCannotBeSmuggled() async throws {
        let server = try RawHTTPServer(response: Self.fine)
        let exchange = HTTPExchange()
        for header in [("X", "a\r\nEvil: 1"), ("X\r\nEvil", "1"), ("", "1"), ("X:", "1")] {
            let request = HTTPExchange.Request(url: "http://127.0.0.1:\(server.port)/", headers: [header])
            await #expect(throws: HTTPExchange.Fault.self) { _ = try await exchange.send(request) }
        }
        #expect(server.requests.isEmpty)
        await exchange.shutdown()
    }

    @Test func redirectIsNotFollowed() async throws {
        let server = try RawHTTPServer(
            response: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        )
        let exchange = HTTPExchange()
        let response = try await exchange.send(.init(url: "http://127.0.0.1:\(server.port)/"))
        #expect(response.status == 302)
        await exchange.shutdown()
    }

    @Test func faultsHaveTheirKinds() async throws {
        let silent = try RawHTTPServer(response: nil)
        let exchange = HTTPExchange()
        let timeout = HTTPExchange.Request(url: "http://127.0.0.1:\(silent.port)/", timeout: .milliseconds(200))
        await #expect { _ = try await exchange.send(timeout) } throws: { ($0 as? HTTPExchange.Fault)?.kind == .timeout }
        let nobody = HTTPExchange.Request(url: "http://127.0.0.1:\(try LoopbackPort.free())/")
        await #expect { _ = try await exchange.send(nobody) } throws: {
            ($0 as? HTTPExchange.Fault)?.kind == .unreachable
        }
        let huge = try RawHTTPServer(response: "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 65 << 20))
        let tooLarge = HTTPExchange.Request(url: "http://127.0.0.1:\(huge.port)/")
        await #expect { _ = try await exchange.send(tooLarge) } throws: {
            ($0 as? HTTPExchange.Fault)?.kind == .tooLarge
        }
        await exchange.shutdown()
    }

    @Test func shutdownCutsWhatIsUnderWay() async throws {
        let silent = try RawHTTPServer(response: nil)
        let exchange = HTTPExchange()
        let request = HTTPExchange.Request(url: "http://127.0.0.1:\(silent.port)/", timeout: .seconds(60))
        let sending = Task { try? await exchange.send(request) }
        while silent.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let elapsed = await ContinuousClock().measure { await exchange.shutdown() }
        #expect(elapsed < .seconds(15))
        #expect(await sending.value == nil)
        await #expect { _ = try await exchange.send(request) } throws: { ($0 as? HTTPExchange.Fault)?.kind == .stopped }
    }
}
