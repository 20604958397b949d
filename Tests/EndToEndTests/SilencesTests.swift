import Events
import Foundation
import TestSupport
import Testing
import Transports

/// `hookmail silences` beside a running server and without one.
@Suite(.timeLimit(.minutes(3))) struct SilencesTests {
    private static let rules = """
        rules:
          - {name: failed-calls, when: failed, notify: b@example.com}
          - {name: slow, when: latency > 10.0, severity: low, notify: b@example.com}
        """

    private func server() throws -> ServerProcess {
        try ServerProcess(mail: "from: a@example.com\nserver: maildir:./mail", rest: Self.rules)
    }

    @Test func theyAreAddedAndRemovedBesideARunningServerAndWithoutOne() async throws {
        let server = try server()
        let add = ["silences", "add", #"rule == "failed-calls" && model == "gpt-4o""#, "--reason", "repair"]
        let early = try await server.run(add + ["--for", "2h"])
        #expect(early.status == 1 && early.errors.contains("no store at"), "\(early.errors)")
        #expect(try await server.run(["silences"]).errors.contains("Nothing is silenced."))
        try await server.start()
        let added = try await server.run(add + ["--for", "2h", "--author", "ann", "--json"])
        #expect(added.status == 0, "\(added.errors)")
        let json = try JSONValue.decode(Array(added.output.utf8))
        let first = try #require(json["id"]?.string)
        #expect(json["may_mute"]?.array?.compactMap(\.string) == ["failed-calls"])
        #expect(json["mutes"]?.array?.isEmpty == true && json["author"]?.string == "ann")
        try await server.expectListed([first])
        #expect(try await server.terminate() == 0)

        let second = try await server.run(["silences", "add", #"severity == "low""#, "--until", "2099-12-31"])
        #expect(second.status == 64 && second.errors.contains("at most 366d"), "\(second.errors)")
        let shown = try await server.run(["silences", "add", #"severity == "low""#, "--for", "7d"])
        #expect(shown.status == 0 && shown.output.contains("holds back  slow"), "\(shown.output)\(shown.errors)")
        let ids = try await server.listed()
        #expect(ids.count == 2 && ids.first == first)
        let list = try await server.run(["silences"])
        #expect(list.output.contains("repair") && list.output.contains("severity == \"low\""))

        // A start takes both into force; ended is ended, beside a server or not.
        try await server.start()
        try await server.expectListed(ids)
        #expect(try await server.run(["silences", "remove", first]).status == 0)
        try await server.expectListed([ids[1]])
        let again = try await server.run(["silences", "remove", first, ids[1], "--json"])
        #expect(again.status == 1 && again.errors.contains("No silence \(first) is in force"))
        #expect(try JSONValue.decode(Array(again.output.utf8)).array?.count == 1)
        #expect(try await server.terminate() == 0)
        try await server.expectListed([])
    }

    @Test func theAPIServesPrograms() async throws {
        let server = try server()
        try await server.start()
        let exchange = HTTPExchange()
        func call(_ method: String, _ path: String, _ body: String = "") async throws -> (Int, JSONValue?) {
            let url = "http://127.0.0.1:\(server.adminPort)\(path)"
            let answer = try await exchange.send(.init(method: method, url: url, body: Array(body.utf8)))
            return (answer.status, try? JSONValue.decode(answer.body))
        }
        for body in ["", "{}", "[]", #"{"condition":"true","until":"soon","author":"a","reason":""}"#] {
            #expect(try await call("POST", "/api/silences", body).0 == 400)
        }
        let long = String(repeating: "x", count: 20_000)
        #expect(try await call("POST", "/api/silences", #"{"condition":"\#(long)"}"#).0 == 400)
        let until = Timestamp(seconds: Int64(Date().timeIntervalSince1970) + 600).rfc3339
        let faulty = #"{"condition":"rule ==","until":"\#(until)","author":"a","reason":""}"#
        let refused = try await call("POST", "/api/silences", faulty)
        #expect(refused.0 == 409 && refused.1?["error"]?.string?.isEmpty == false)
        let added = try await call(
            "POST", "/api/silences", #"{"condition":"true","until":"\#(until)","author":"a","reason":"r"}"#)
        #expect(added.0 == 200)
        let id = try #require(added.1?["id"]?.string)
        #expect(try await call("GET", "/api/silences").1?.array?.compactMap { $0["id"]?.string } == [id])
        #expect(try await call("POST", "/api/silences/nobody/end").0 == 404)
        #expect(try await call("POST", "/api/silences/\(id)/end").0 == 200)
        #expect(try await call("GET", "/api/silences").1?.array?.isEmpty == true)
        await exchange.shutdown()
        #expect(try await server.terminate() == 0)
    }

    /// What people get wrong: words after `add`, the exit code, and what is said.
    @Test(arguments: [
        (["failed-calls", "--for", "1h"], 65, #"write 'rule == "failed-calls"'"#),
        ([#"rule == "faild-calls""#, "--for", "1h"], 65, "did you mean 'failed-calls'?"),
        ([#"severity == "hgih""#, "--for", "1h"], 65, "severities are urgent, high, medium, low"),
        (["rule == slow", "--for", "1h"], 65, "silence:1:9"), (["true", "--for", "soon"], 64, "--for is no span"),
        (["true", "--until", "tomorrow"], 64, "--until is no time"), (["true"], 64, "Say how long"),
        (["true", "--for", "1h", "--until", "2026-12-31"], 64, "Say how long"),
        (["true", "--until", "2020-12-31"], 64, "over already"), (["true", "--for", "367d"], 64, "at most 366d"),
        (["true", "--for", "1h", "--author", ""], 64, "the author must be"),
    ])
    func mistakesAreAnsweredWithWhatToWrite(words: [String], status: Int32, hint: String) async throws {
        let result = try await server().run(["silences", "add"] + words)
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(hint), "\(result.errors)")
        #expect(result.output.isEmpty)
    }
}

extension ServerProcess {
    /// The ids that `silences list` gives.
    fileprivate func listed() async throws -> [String] {
        let result = try await run(["silences", "list", "--json"])
        return try JSONValue.decode(Array(result.output.utf8)).array?.compactMap { $0["id"]?.string } ?? []
    }

    fileprivate func expectListed(_ ids: [String], _ location: SourceLocation = #_sourceLocation) async throws {
        let listed = try await listed()
        #expect(listed == ids, sourceLocation: location)
        for id in ids {
            let shown = try await run(["silences", "show", id])
            #expect(shown.status == 0 && shown.output.contains(id), sourceLocation: location)
        }
    }
}
