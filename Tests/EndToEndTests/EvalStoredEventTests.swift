import Foundation
import TestSupport
import Testing
import Transports

/// `hookmail eval` on an event of the store, beside the running server and after its end.
@Suite struct EvalStoredEventTests {
    @Test(.timeLimit(.minutes(2))) func aStoredEventIsNamedByItsNumber() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: """
                let: {hard: status_code >= 500}
                rules: [{name: failed-calls, when: hard, notify: a@example.com, at_most: 1 per 15m}]
                """)
        let none = try await server.run(["eval", "hard", "--event", "1"])
        #expect(none.status == 1 && none.errors.contains("There is no store"), "\(none.errors)")
        try await server.start()
        let exchange = HTTPExchange()
        let body = #"{"unique_id": "e", "status_code": 503, "cost": 0.5, "metadata": {"team": "red"}}"#
        _ = try await server.post(Array(body.utf8), over: exchange)
        await exchange.shutdown()

        let running = try await server.run(["eval", #"hard and metadata.team == "red""#, "--event", "1"])
        #expect(running.status == 0 && running.output == "true\n", "\(running.errors)")
        #expect(try await server.run(["eval", "source", "--event", "1"]).output == "\"test\"\n")
        #expect(try await server.terminate() == 0)
        #expect(try await server.run(["eval", "cost * 4", "--event", "1"]).output == "2.0\n")

        let missing = try await server.run(["eval", "hard", "--event", "17"])
        #expect(missing.status == 1 && missing.errors.contains("There is no event 17."), "\(missing.errors)")
        let named = try await server.run(["eval", "hard", "--event", "1", "--source", "test"])
        #expect(named.status == 64 && named.errors.contains("a stored event has its own"), "\(named.errors)")
        let file = try await server.run(["eval", "hard", "--event", "./1"])
        #expect(file.status == 65 && file.errors.contains("./1 cannot be read"), "\(file.errors)")
    }
}
