import Foundation
import Glibc
import TestSupport
import Testing

/// What people mistype on the command line, and an address that cannot be had: the whole text that they see.
/// `HOOKMAIL_RECORD_FIXTURES=1` writes it anew.
@Suite(.timeLimit(.minutes(3))) struct MistypedCommandTests {
    @Test(arguments: [
        ("singular", ["mail", "list"]), ("singular-with-options", ["event", "show", "17", "--json"]),
        ("number", ["mails", "4"]), ("below", ["mails", "lst"]), ("other-word", ["suppressions"]),
        ("nothing-near", ["nonsense"]), ("not-shown-again", ["silence", "add", "rule == 'a'"]),
        ("option-of-a-command", ["mails", "--stat", "dead"]),
    ])
    func anUnknownCommandIsAnsweredWithTheNearestOne(name: String, words: [String]) async throws {
        let folder = try ScratchFolder()
        let result = try await ServerProcess.run(words, in: URL(fileURLWithPath: folder.path))
        #expect(result.status == 64 && result.output.isEmpty)
        try Snapshot.expect(result.errors, in: "MistypedCommands", as: name)
    }

    @Test func whatIsRightIsNoMistake() async throws {
        let folder = try ScratchFolder()
        for words in [["help", "mails"], ["mails", "list", "--help"], ["--version"], ["help"]] {
            let result = try await ServerProcess.run(words, in: URL(fileURLWithPath: folder.path))
            #expect(result.status == 0 && !result.output.isEmpty, "\(words): \(result)")
        }
    }

    @Test func aSilenceOfARuleWithoutQuotesSaysToWriteThem() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        let words = ["silences", "add", "rule == failed-calls and severity in [low, medium]", "--for", "1h"]
        let result = try await server.run(words)
        #expect(result.status == 65 && result.output.isEmpty)
        try Snapshot.expect(result.errors, in: "MistypedCommands", as: "silence")
    }

    @Test(arguments: ["listen", "admin"]) func aPortThatIsTakenIsSaid(key: String) async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        let port = key == "listen" ? server.webhookPort : server.adminPort
        let socket = try HeldPort(port)
        let result = try await server.run(["serve", "--log-level", "error"])
        socket.close()
        #expect(result.status == 69)
        try Snapshot.expect(
            result.errors.replacing("\(port)", with: "PORT"), in: "MistypedCommands", as: "taken-\(key)")
    }

    /// A host that is not here, and one that is none.
    @Test(arguments: [("not-here", "192.0.2.1:8000"), ("unknown-host", "no.such.invalid:8000")])
    func anAddressOfNobodyHereIsSaid(name: String, address: String) async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: b@example.com}]")
        let file = server.folder.appendingPathComponent("hookmail.yaml")
        try String(contentsOf: file, encoding: .utf8)
            .replacing("listen: 127.0.0.1:\(server.webhookPort)", with: "listen: \(address)")
            .write(to: file, atomically: true, encoding: .utf8)
        let result = try await server.run(["serve", "--log-level", "error"])
        #expect(result.status == 69)
        try Snapshot.expect(result.errors, in: "MistypedCommands", as: name)
    }
}

/// A port of loopback that a socket of this process listens at.
private struct HeldPort {
    private let descriptor: Int32

    init(_ port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 1) == 0, "the port cannot be held")
    }

    func close() { _ = Glibc.close(descriptor) }
}
