import Events
import Foundation
import TestSupport
import Testing
import Transports

/// Nothing that a sender wrote, no address and no secret stands in the log of a real run.
@Suite struct LogCanaryTests {
    @Test(.timeLimit(.minutes(3)), arguments: ["logfmt", "json"])
    func theLogHoldsNoPayloadAddressOrSecret(format: String) async throws {
        let server = try ServerProcess(
            mail: "from: a@canary-sender.example\nserver: smtp://127.0.0.1:\(try LoopbackPort.free())\ntls: none",
            rest: """
                rules:
                  - {name: failed-calls, when: failed, notify: canary-recipient@example.com}
                  - {name: faulty, when: 'int(error_message) > 1', notify: canary-recipient@example.com}
                """)
        try await server.start(log: ["--log-level", "debug", "--log-format", format])
        let exchange = HTTPExchange()
        let body = #"""
            {"unique_id": "canary-id", "status_code": 500, "model": "canary-model", "error_message": "canary-error",
             "customer_identifier": "canary-customer", "prompt_messages": [{"content": "canary-prompt"}],
             "metadata": {"canary-key": "canary-value\nlevel=error message=forged"}}
            """#
        #expect(try await server.post(Array(body.utf8), over: exchange).status == 200)
        #expect(try await server.post(Array("canary-not-json".utf8), over: exchange).status == 400)
        let forged = HTTPExchange.Request(
            method: "POST", url: server.url + "?canary-query",
            headers: [("X-Keywordsai-Signature", "canary-signature"), ("X-Canary", "canary-header")],
            body: Array("canary-body".utf8))
        #expect(try await exchange.send(forged).status == 401)
        await exchange.shutdown()
        let records = StoredRecords(server: server)
        for _ in 0..<100 {
            if let mail = try await records.mails().first, mail.int("attempts") ?? 0 > 0 { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try await server.terminate() == 0)
        let log = server.logText
        for expected in [
            "starting", "listening", "request refused", "signed request refused", "rule could not", "stopped",
        ] {
            #expect(log.contains(expected), "the run did not come to \(expected)")
        }
        #expect(!log.contains("canary"), "\(log)")
        #expect(!log.contains("whsec_"))
        for line in log.split(separator: "\n") {
            if format == "json" {
                guard case .object = try JSONValue.decode(Array(line.utf8)) else {
                    Issue.record("no object: \(line)")
                    continue
                }
            } else {
                #expect(line.hasPrefix("time=") && line.contains(" level=") && line.contains(" message="))
            }
        }
    }
}
