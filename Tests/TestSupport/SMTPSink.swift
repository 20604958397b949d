import Glibc

/// A running `smtp-sink`, the test server of Postfix, with the faults its arguments ask for.
package final class SMTPSink {
    /// Where the program is, or `nil` when Postfix is not installed.
    package static let program = TestProcess.find("smtp-sink")

    package let port: Int
    private let process: TestProcess

    /// Starts a sink: `-r CMD` refuses softly, `-f CMD` for good, `-q CMD` hangs up, `-Q CMD` says 421 and hangs up,
    /// `-W CMD:SECONDS` delays; the commands are CONNECT EHLO MAIL RCPT DATA and `.`.
    package init(_ arguments: [String] = []) async throws {
        guard let program = Self.program, let timeout = TestProcess.find("timeout") else {
            throw TestSupportFault("smtp-sink is not installed.")
        }
        port = try LoopbackPort.free()
        let user = geteuid() == 0 ? ["-u", "nobody"] : []
        // The time limit ends a sink whose test process died before it could.
        process = try TestProcess(
            starting: timeout, ["300", program] + user + arguments + ["127.0.0.1:\(port)", "100"]
        )
        try await LoopbackPort.waitUntilAccepting(port)
    }

    deinit {
        process.stop()
    }
}
