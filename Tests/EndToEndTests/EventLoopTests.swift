import Foundation
import TestSupport
import Testing

struct EventLoopTests {
    /// NIO calls the threads of its shared group `NIO-SGLTN-…`; a container may allow fewer cores than it shows.
    @Test(.timeLimit(.minutes(2))) func theServerLeavesCoresToTheStore() async throws {
        let server = try ServerProcess(
            mail: "from: a@example.com\nserver: maildir:./mail",
            rest: "rules: [{name: failed-calls, when: failed, notify: a@example.com}]")
        try await server.start()
        let loops = server.threadNames.count { $0.hasPrefix("NIO-SGLTN") }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        #expect(loops > 0 && loops <= max(1, cores / 2), "\(server.threadNames)")
        #expect(try await server.terminate() == 0)
    }
}
