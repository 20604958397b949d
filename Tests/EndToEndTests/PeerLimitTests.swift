import Events
import Foundation
import TestSupport
import Testing

/// The limit of connections of one address, with the program and real connections: in a network namespace of its own,
/// because it does not hold for loopback.
@Suite(.enabled(if: NetworkNamespace.isAvailable, "no network namespace can be made here"))
struct PeerLimitTests {
    @Test(.timeLimit(.minutes(2))) func anAddressHasSixtyFourConnectionsAndTakesNoneFromOthers() async throws {
        let folder = try ScratchFolder()
        let text = """
            listen: '[::]:8000'
            admin: 127.0.0.1:8001
            sources: {test: {path: /api/webhook/, verify: none, allow: [192.0.2.0/24]}}
            mail: {from: a@example.com, server: "maildir:./mail"}
            rules: [{name: failed-calls, when: failed, notify: a@example.com, at_most: 1 per 15m}]

            """
        try text.write(toFile: folder.path + "/hookmail.yaml", atomically: true, encoding: .utf8)
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peer_limit.py").path
        let unshare = try #require(TestProcess.find("unshare"))
        let program = ServerProcess.executable.path
        let (status, output) = try await DetachedThread.run {
            try TestProcess.run(unshare, ["--net", "/usr/bin/env", "python3", script, program, folder.path])
        }
        #expect(status == 0, "\(output)")
        let found = try JSONValue.decode(Array((output.split(separator: "\n").last ?? "").utf8))
        #expect(found["stranger"]?.int == 64)
        #expect(found["stranger_is_answered"]?.bool == true)
        #expect(found["other_is_answered"]?.bool == true)
        #expect(found["after_two_ended"]?.int == 2)
        #expect(found["loopback"]?.int == 100)
        #expect(found["one_network"]?.int == 64, "a network of IPv6 counts as one address")
        #expect(found["other_network_is_answered"]?.bool == true)
    }
}

/// A network of its own for a program.
private enum NetworkNamespace {
    /// Making one takes root, and `ip` to give it addresses.
    static let isAvailable: Bool = {
        guard TestProcess.find("ip") != nil, let unshare = TestProcess.find("unshare") else { return false }
        return (try? TestProcess.run(unshare, ["--net", "/bin/true"]).status) == 0
    }()
}
