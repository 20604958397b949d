import Events
import Foundation
import TestSupport
import Testing
import Transports

/// Reloads of a real process: by signal, by command, by a change of a file, and killed in their midst.
@Suite(.serialized) struct ReloadProcessTests {
    @Test(.timeLimit(.minutes(3))) func signalCommandAndFileChangeBringRulesIntoForce() async throws {
        let server = try Self.server("first")
        try await server.start(log: ["--no-watch"])
        try server.rewrite(rest: Self.rules("second"))
        server.signal(SIGHUP)
        try await Self.inForce("second", server)
        try server.rewrite(rest: Self.rules("third"))
        let reload = try await server.run(["reload"])
        #expect(reload.status == 0, "\(reload.errors)")
        #expect(reload.output == "In force. Changed: rules.\n")
        try await Self.inForce("third", server)
        let again = try await server.run(["reload", "--json"])
        #expect(again.output.hasPrefix(#"{"status":"unchanged""#))
        #expect(try await server.terminate() == 0)
        #expect(try await server.run(["reload"]).status == 69)

        try await server.start(log: [])
        try server.rewrite(rest: Self.rules("fourth"))
        try await Self.inForce("fourth", server)
        #expect(try await server.terminate() == 0)
    }

    /// A file that a reload is the first to name is watched like those of the start.
    @Test(.timeLimit(.minutes(3))) func filesThatAReloadNamesAreWatchedToo() async throws {
        let server = try Self.server("first")
        try await server.start(log: [])
        let templates = server.folder.appendingPathComponent("own")
        try FileManager.default.createDirectory(at: templates, withIntermediateDirectories: true)
        func write(_ text: String) throws {
            for part in ["text", "html"] {
                try text.write(
                    to: templates.appendingPathComponent("single.\(part).mustache"), atomically: false, encoding: .utf8)
            }
        }
        try write("{{happened}}")
        try server.rewrite(rest: "templates: ./own\n" + Self.rules("first"))
        try await Self.reloads(1, of: server)
        try write("{{happened}} {{why}}")
        try await Self.reloads(2, of: server)
        #expect(try await server.terminate() == 0)
    }

    /// Waits until the log tells of so many reloads.
    private static func reloads(_ count: Int, of server: ServerProcess) async throws {
        for _ in 0..<300 {
            if server.logText.components(separatedBy: "configuration reloaded").count > count { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("\(count) reloads did not come:\n\(server.logText)")
    }

    @Test(.timeLimit(.minutes(3))) func faultsArePrintedWithCaretsAndTheOldRulesStay() async throws {
        let server = try Self.server("first")
        try await server.start(log: ["--no-watch"])
        try server.rewrite(rest: "rules: [{name: second, when: cots > 1, notify: a@example.com}]")
        let reload = try await server.run(["reload"])
        #expect(reload.status == 78)
        #expect(reload.errors.contains("did you mean \"cost\"?"))
        #expect(reload.errors.contains("^^^^"))
        // A fault that only the server sees: the secret is gone for it, and the command needs none.
        try server.rewrite(rest: Self.rules("second"))
        try FileManager.default.removeItem(at: server.folder.appendingPathComponent("hook.secret"))
        let missing = try await server.run(["reload"])
        #expect(missing.status == 78)
        #expect(missing.errors.contains("does not exist"))
        #expect(missing.errors.contains("^"))
        try await Self.inForce("first", server)
        #expect(server.logText.contains("message=\"configuration fault\""))
        #expect(try await server.terminate() == 0)
    }

    @Test(.timeLimit(.minutes(5))) func killedAmidReloadsEveryEventIsDecidedOnce() async throws {
        let seed =
            ProcessInfo.processInfo.environment["HOOKMAIL_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
        print("ReloadProcessTests: HOOKMAIL_TEST_SEED=\(seed)")
        var random = SeededRandom(seed: seed)
        let server = try Self.server("only-0")
        var acknowledged = 0
        for round in 0..<3 {
            try await server.start(log: ["--no-watch", "--log-level", "error"])
            let exchange = HTTPExchange()
            let life = Int.random(in: 20...60, using: &random)
            for number in 0..<life {
                if number % 3 == 0 {
                    try server.rewrite(rest: Self.rules("only-\(round * 1_000 + number)"))
                    server.signal(SIGHUP)
                }
                let body = #"{"unique_id": "r\#(round)-\#(number)", "status_code": 500}"#
                if try await server.post(Array(body.utf8), over: exchange).status == 200 { acknowledged += 1 }
                // Signals that come faster than they are served count as one.
                try await Task.sleep(for: .milliseconds(10))
            }
            server.kill9()
            await exchange.shutdown()
        }
        try await server.start()
        let records = StoredRecords(server: server)
        #expect(try await records.settled())
        let events = try await records.events()
        #expect(events.count == acknowledged)
        let mails = try await records.mails()
        #expect(mails.count == acknowledged, "a decision was lost or doubled")
        #expect(Set(mails.map { $0.int("event") }).count == acknowledged)
        // In the order of the log the rules never go back.
        let generations = mails.sorted { ($0.int("event") ?? 0) < ($1.int("event") ?? 0) }.compactMap {
            $0.text("rule")?.split(separator: "-").last.flatMap { Int($0) }
        }
        #expect(generations == generations.sorted())
        #expect(Set(generations).count > 3)
        #expect(try await server.terminate() == 0)
    }

    private static func server(_ rule: String) throws -> ServerProcess {
        try ServerProcess(mail: "from: a@example.com\nserver: maildir:./mail", rest: rules(rule))
    }

    private static func rules(_ name: String) -> String {
        "rules: [{name: \(name), when: failed, notify: b@example.com}]"
    }

    /// Posts events until the newest is decided by this rule.
    private static func inForce(_ rule: String, _ server: ServerProcess) async throws {
        let exchange = HTTPExchange()
        let records = StoredRecords(server: server)
        for number in 0..<100 {
            let body = #"{"unique_id": "\#(rule)-\#(number)", "status_code": 500}"#
            #expect(try await server.post(Array(body.utf8), over: exchange).status == 200 || rule == "first")
            for _ in 0..<20 {
                guard let mail = try await records.mails().last else { continue }
                if mail.text("rule") == rule {
                    await exchange.shutdown()
                    return
                }
                if mail.int("event") == (try await records.events().last?.int("id")) { break }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        await exchange.shutdown()
        Issue.record("\(rule) did not come into force:\n\(server.logText)")
    }
}
