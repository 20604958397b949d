import Glibc

/// A running `smtp-sink`, the test server of Postfix, with the faults its arguments ask for.
package final class SMTPSink {
    /// Where the program is, or `nil` when Postfix is not installed.
    package static let program = TestProcess.find("smtp-sink")

    package let port: Int
    private let process: TestProcess

    /// Starts a sink: `-r CMD` refuses softly, `-f CMD` for good, `-q CMD` hangs up, `-Q CMD` says 421 and hangs up,
    /// `-W CMD:SECONDS` delays; the commands are CONNECT EHLO MAIL RCPT DATA and `.`.
    ///
    /// - Parameters:
    ///   - port: `nil` takes any free one.
    ///   - folder: where every text that came is put into a file of its own, even one that is refused.
    package init(_ arguments: [String] = [], port: Int? = nil, keepingIn folder: String? = nil) async throws {
        guard let program = Self.program, let timeout = TestProcess.find("timeout") else {
            throw TestSupportFault("smtp-sink is not installed.")
        }
        self.port = try port ?? LoopbackPort.free()
        let kept = folder.map { ["-d", "\($0)/mail."] } ?? []
        if let folder { chmod(folder, 0o777) }
        let user = geteuid() == 0 ? ["-u", "nobody"] : []
        // The time limit ends a sink whose test process died before it could.
        process = try TestProcess(
            starting: timeout, ["300", program] + user + kept + arguments + ["127.0.0.1:\(self.port)", "100"]
        )
        try await LoopbackPort.waitUntilAccepting(self.port)
    }

    deinit {
        process.stop()
    }

    /// Ends the server, so that another one may take its port.
    package func stop() {
        process.stop()
    }
}
