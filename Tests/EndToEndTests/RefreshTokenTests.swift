import Events
import Foundation
import TestSupport
import Testing
import Transports

/// A token server that takes each refresh token once, a mail server that wants a login, and a server that is started
/// again, reloaded and configured anew.
@Suite(.enabled(if: TLSMailServer.isAvailable, "openssl or python3 is not installed"), .timeLimit(.minutes(3)))
struct RefreshTokenTests {
    private func write(_ token: String, _ server: ServerProcess) throws {
        let file = server.folder.appendingPathComponent("refresh")
        try "\(token)\n".write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// The refresh tokens that the token server was shown.
    private func used(_ server: TokenServer) -> [String] {
        server.forms.compactMap { form in
            form.split(separator: "&").first { $0.hasPrefix("refresh_token=") }.map { String($0.dropFirst(14)) }
        }
    }

    private func sends(_ count: Int, _ server: ServerProcess, _ mails: TLSMailServer) async throws {
        let exchange = HTTPExchange()
        let event = #"{"unique_id": "refresh-\#(count)", "status_code": 500}"#
        #expect(try await server.post(Array(event.utf8), over: exchange).status == 200)
        await exchange.shutdown()
        for _ in 0..<800 where mails.lines.filter({ $0.text.hasPrefix("RCPT ") }).count < count {
            try await Task.sleep(for: .milliseconds(25))
        }
        #expect(mails.lines.filter { $0.text.hasPrefix("RCPT ") }.count == count, "\(server.logText)")
    }

    @Test func aTokenThatIsReplacedOutlivesRestartsAndANewlyConfiguredOneWins() async throws {
        let mails = try await TLSMailServer(options: ["auth=XOAUTH2"])
        let first = try TokenServer.rotating("first-canary", seconds: 0)
        let server = try ServerProcess(
            mail: """
                from: Hookmail <alerts@example.test>
                server: smtp://localhost:\(mails.port)
                ca_file: \(mails.authorityFile)
                username: alerts@example.test
                oauth2:
                  token_url: http://127.0.0.1:\(first.port)/token
                  client_id: c
                  refresh_token: {file: ./refresh}
                """,
            rest: "rules: [{name: failed-calls, when: failed, notify: you@example.test}]")
        try write("first-canary", server)
        try await server.start()
        try await sends(1, server, mails)
        // A test mail beside the server takes the same token, and the server goes on with what that left.
        #expect(try await server.run(["send-test"]).status == 0)
        try await sends(3, server, mails)
        #expect(try await server.terminate() == 0)
        try await server.start()
        try await sends(4, server, mails)
        #expect(!used(first).isEmpty && used(first).first == "first-canary")
        #expect(Set(used(first)).count == used(first).count, "none came twice: \(used(first))")

        // A new consent: its token is the one that counts, at once.
        try write("second-canary", server)
        let before = used(first).count
        #expect(try await server.run(["reload"]).status == 0)
        let exchange = HTTPExchange()
        let event = #"{"unique_id": "refresh-new", "status_code": 500}"#
        #expect(try await server.post(Array(event.utf8), over: exchange).status == 200)
        await exchange.shutdown()
        for _ in 0..<800 where used(first).count == before { try await Task.sleep(for: .milliseconds(25)) }
        #expect(used(first).dropFirst(before).first == "second-canary")
        #expect(try await server.terminate() == 0)

        // The tokens stand in their files alone.
        #expect(!server.logText.contains("canary"))
        for name in ["hookmail.db", "hookmail.db-wal"] {
            let data = (try? Data(contentsOf: server.folder.appendingPathComponent(name))) ?? Data()
            #expect(data.range(of: Data("canary".utf8)) == nil, "\(name)")
        }
        let kept = server.folder.appendingPathComponent("hookmail.db-tokens")
        let mode = try FileManager.default.attributesOfItem(atPath: kept.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }
}
