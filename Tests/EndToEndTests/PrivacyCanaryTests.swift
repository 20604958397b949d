import Events
import Foundation
import Mail
import TestSupport
import Testing
import Transports

/// Marked strings in every text of 200 events, through the real server with rules that list no content: what people and
/// models said stands in no mail, log, answer or error, and credentials stand nowhere at all.
@Suite struct PrivacyCanaryTests {
    /// Members of a log that hold content, each with a canary of its own.
    private static let content = [
        "prompt_messages", "completion_message", "input", "output", "full_request", "full_response", "request_body",
        "response_body", "variables", "tools", "tool_calls", "functions", "thread_message_pairs", "system_prompt",
        "instructions", "messages", "prompt", "completion", "text", "content",
    ]
    /// Members that are facts but that no built-in mail shows unless a rule names them.
    private static let quiet = [
        "customer_email", "customer_name", "user_email", "ip_address", "note", "category", "group_identifier",
        "session_identifier", "custom_identifier", "organization_name", "deployment_name",
    ]
    private static let credentials = [
        "api_key", "authorization", "credential_override", "customer_credentials", "x-api-key", "Proxy-Authorization",
    ]
    /// What is private by its form, inside the error text, which every mail of a failure shows.
    private static let inErrors = [
        "canary37@private.example", "sk-canary38abcdefghijklmnop12345", "Bearer canary39abcdefghijklmnop12345",
    ]

    private func event(_ number: Int) -> String {
        var object = JSONObject([
            ("unique_id", .string("e\(number)")), ("status_code", .int(number % 3 == 0 ? 200 : 500)),
            ("model", .string("gpt-4o")), ("customer_identifier", .string("acme")), ("cost", .double(0.01)),
        ])
        for (index, name) in (Self.content + Self.quiet).enumerated() {
            let canary = JSONValue.string("Canary\(index)x of \(name)")
            switch index % 3 {
            case 0: object[name] = canary
            case 1: object[name] = .array([.object(JSONObject([("role", .string("user")), ("content", canary)]))])
            default: object[name] = .object(JSONObject([("deep", .object(JSONObject([("er", canary)])))]))
            }
        }
        for name in Self.quiet { object[name] = .string("Canary of \(name)") }
        object["metadata"] = .object(JSONObject([("secret_plan", .string("Canary40x"))]))
        for name in Self.credentials { object[name] = .string("CanaryKey of \(name)") }
        object["full_request"] = .object(
            JSONObject([("said", .string("Canary4x")), ("api_key", .string("CanaryKey inside"))]))
        guard number % 3 != 0 else { return String(decoding: JSONValue.object(object).encoded(), as: UTF8.self) }
        object["error_message"] = .string("upstream \(number) said no: \(Self.inErrors.joined(separator: " and "))")
        return String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
    }

    @Test func thereAreFortyCanaries() {
        let count = Self.content.count + Self.quiet.count + Self.credentials.count + Self.inErrors.count
        #expect(count == 40)
    }

    /// - Parameter own: What the first rule says beside.
    private func run(_ own: String, _ body: (ServerProcess, StoredRecords) async throws -> Void) async throws {
        let server = try ServerProcess(
            mail: "from: a@sender.example\nserver: maildir:./mail",
            rest: """
                rules:
                  - {name: failed-calls, when: failed, notify: a@example.com\(own)}
                  - {name: trouble, when: failed, per: [model], count: {at_least: 5, within: 10m}, notify: b@x.example}
                  - {name: spend, sum: {of: cost, above: 0.1, within: 1h}, notify: b@example.com}
                  - {name: new, first_seen: {of: error_signature, forget_after: 30d}, notify: b@example.com}
                  - {name: broken, when: 'int(error_message) > 1', notify: b@example.com}
                """)
        try await server.start(log: ["--log-level", "debug"])
        let exchange = HTTPExchange()
        for number in 1...200 {
            #expect(try await server.post(Array(event(number).utf8), over: exchange).status == 200)
        }
        let records = StoredRecords(server: server)
        for _ in 0..<400 {
            let mails = try await records.mails()
            if mails.count >= 134, mails.allSatisfy({ $0["state"] == .string("accepted") }) { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let health = try await exchange.send(.init(url: "http://127.0.0.1:\(server.adminPort)/readyz"))
        #expect(!String(decoding: health.body, as: UTF8.self).lowercased().contains("canary"))
        let refused = try await exchange.send(.init(method: "POST", url: server.url, body: Array(event(1).utf8)))
        #expect(!String(decoding: refused.body, as: UTF8.self).lowercased().contains("canary"))
        await exchange.shutdown()
        #expect(try await server.terminate() == 0)
        try await body(server, records)
    }

    /// All mails as people read them.
    private func mails(of server: ServerProcess) throws -> [(text: String, all: String)] {
        let folder = server.folder.appendingPathComponent("mail/new")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map {
            let bytes = [UInt8](try Data(contentsOf: $0))
            let message = ReadableMessage(bytes)
            // Quoted-printable cuts words at the ends of its lines.
            let raw = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "=\r\n", with: "")
            return (message.text.split(separator: "\n").joined(separator: " "), message.subject + " " + raw)
        }
    }

    private func canaries(in text: String) -> Set<String> {
        let words = text.split { !$0.isLetter && !$0.isNumber }
        return Set(words.filter { $0.lowercased().hasPrefix("canary") }.map { String($0).lowercased() })
    }

    @Test(.timeLimit(.minutes(5))) func nothingThatWasSaidIsInAMailOrALogByDefault() async throws {
        try await run("") { server, _ in
            let mails = try mails(of: server)
            #expect(mails.count >= 134, "\(mails.count) mails")
            for mail in mails {
                #expect(canaries(in: mail.text + mail.all).isEmpty)
            }
            #expect(mails.contains { $0.text.contains("[e-mail address] and [key]") })
            #expect(canaries(in: server.logText).isEmpty, "\(server.logText.prefix(4_000))")
        }
    }

    @Test(.timeLimit(.minutes(5))) func credentialsStandNowhereEvenWithContent() async throws {
        let content = ", content: [prompt, completion, variables, full_request, full_response, metadata]"
        try await run(content) { server, _ in
            let all = try mails(of: server)
            #expect(all.contains { canaries(in: $0.text).contains("canary0x") })
            #expect(all.contains { canaries(in: $0.text).contains("canary40x") })
            for mail in all { #expect(!canaries(in: mail.text + mail.all).contains("canarykey")) }
            #expect(!server.logText.contains("CanaryKey"))
            let shown = try await server.run(["events", "show", "1", "--json", "--body"])
            #expect(!(shown.output + shown.errors).contains("CanaryKey"))
            let explained = try await server.run(["explain", "1", "--json"])
            #expect(!(explained.output + explained.errors).contains("CanaryKey"))
            for file in ["hookmail.db", "hookmail.db-wal"] {
                let stored = (try? Data(contentsOf: server.folder.appendingPathComponent(file))) ?? Data()
                #expect(stored.range(of: Data("CanaryKey".utf8)) == nil, "\(file)")
            }
        }
    }
}
