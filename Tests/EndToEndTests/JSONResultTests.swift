import Events
import Foundation
import TestSupport
import Testing

/// `--json` of the commands that have no test of their own for it: one value, and nothing else on standard output.
@Suite(.timeLimit(.minutes(3))) struct JSONResultTests {
    private func value(_ result: CommandResult) throws -> JSONValue {
        #expect(result.output.hasSuffix("\n") && !result.output.dropLast().contains("\n"), "\(result.output)")
        return try #require(try JSONValue.decode(Array("{\"it\":\(result.output)}".utf8))["it"])
    }

    @Test func initNamesItsFilesAndSignItsHeaders() async throws {
        let folder = URL(fileURLWithPath: try ScratchFolder().path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let started = try value(try await ServerProcess.run(["init", "--json"], in: folder))
        let names = started["written"]?.array?.compactMap(\.string) ?? []
        #expect(names == ["hookmail.yaml", "hookmail.secret", "hookmail.schema.json"])
        for name in names { #expect(FileManager.default.fileExists(atPath: folder.path + "/" + name)) }
        let signed = try value(try await ServerProcess.run(["sign", "-", "--json"], in: folder, input: "{}"))
        #expect(signed["source"]?.string == "production")
        #expect(signed["url"]?.string == "http://127.0.0.1:8000/api/webhook")
        let header = try await ServerProcess.run(["sign", "-", "--header"], in: folder, input: "{}").output
        guard case .object(let headers)? = signed["headers"], let first = headers.members.first else {
            Issue.record("no headers: \(signed)")
            return
        }
        #expect(header == "\(first.key): \(first.value.string ?? "")\n")
        let again = try await ServerProcess.run(["init", "--json"], in: folder)
        #expect(again.status == 1 && again.output.isEmpty, "a fault is said in words and leaves no half result")
    }

    @Test func evalTellsValueTypeAndFault() async throws {
        let folder = URL(fileURLWithPath: NSTemporaryDirectory())
        let event = #"{"cost": 0.75, "model": "gpt-4o"}"#
        let cases: [(String, JSONValue?, String?, Bool)] = [
            ("cost * 2.0", .double(1.5), "double", false), ("model", .string("gpt-4o"), "string", false),
            ("latency", .null, "absent", false), ("latency > 1", .null, "absent", false),
            ("1 / 0", .null, nil, true),
        ]
        for (expression, wanted, type, fails) in cases {
            let result = try await ServerProcess.run(
                ["eval", expression, "--event", "-", "--json"], in: folder, input: event)
            let shown = try value(result)
            #expect(shown["value"]?.encoded() == wanted?.encoded(), "\(expression)")
            #expect(shown["type"]?.string == type, "\(expression)")
            #expect((shown["fault"]?.string != nil) == fails && result.status == (fails ? 1 : 0), "\(expression)")
        }
    }

    /// The admin address of a server that queues mail 7 and then is unwell.
    /// Not of `HTTPServer`, which asks a name server for its own name before it listens.
    private static let failingAdmin = """
        from http.server import BaseHTTPRequestHandler
        from socketserver import TCPServer
        class Admin(BaseHTTPRequestHandler):
            def do_POST(self):
                self.send_response(200 if "/7/" in self.path else 503)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")
        def serve(port): TCPServer(("127.0.0.1", port), Admin).serve_forever()
        """

    @Test func retryTellsOfEveryMail() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: all, notify: b@example.com, at_most: 9 per 1h}]")
        try await server.start()
        #expect(try await server.terminate() == 0)
        let result = try await server.run(["mails", "retry", "7", "8", "--json"])
        #expect(result.status == 1 && result.errors.isEmpty)
        let mails = try value(result).array ?? []
        #expect(mails.compactMap { $0["id"]?.int } == [7, 8])
        #expect(mails.allSatisfy { $0["queued"]?.bool == false && $0["fault"]?.string != nil })
        // One that cannot be tried does not take the report of the others with it.
        let owner = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: all, notify: b@example.com, at_most: 9 per 1h}]")
        try await owner.start()
        let admin = try LoopbackPort.free()
        let file = owner.folder.appendingPathComponent("hookmail.yaml")
        try String(contentsOf: file, encoding: .utf8)
            .replacing("admin: 127.0.0.1:\(owner.adminPort)", with: "admin: 127.0.0.1:\(admin)")
            .write(to: owner.folder.appendingPathComponent("other.yaml"), atomically: true, encoding: .utf8)
        let program = "\(Self.failingAdmin)\nserve(\(admin))"
        let python = try TestProcess(starting: #require(TestProcess.find("python3")), ["-c", program])
        defer { python.stop(with: SIGKILL) }
        for _ in 0..<500 {
            if LoopbackPort.accepts(admin) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        let words = ["mails", "retry", "7", "8", "9", "--json", "--config", "other.yaml"]
        let cut = try await owner.run(words)
        #expect(cut.status == 69 && cut.errors.contains("503"), "\(cut)")
        let tried = try value(cut).array ?? []
        #expect(tried.compactMap { $0["id"]?.int } == [7, 8, 9])
        #expect(tried.map { $0["queued"]?.bool } == [true, false, false])
        for list in [["mails", "list"], ["events", "list"]] {
            #expect(try value(try await server.run(list + ["--json"])).array?.isEmpty == true, "an empty list is []")
        }
    }
}
