import Glibc
import Synchronization

/// A mail server that answers as it is told and keeps every byte it gets. It speaks no TLS.
///
/// Each connection has a thread; the records may be read at any time.
package final class RawSMTPServer: Sendable {
    /// What the server does at a point of the conversation.
    package enum Answer: Sendable {
        /// Sends these bytes, line ends included.
        case send(String)
        /// Sends these bytes and hangs up.
        case sendAndClose(String)
        /// Hangs up without a word.
        case close
        /// Hangs up with a reset.
        case reset
        /// Says nothing and keeps the connection.
        case silence
        /// Sends these bytes after a while.
        case sendAfter(Duration, String)
        /// Sends these bytes and hangs up a while later, without having been asked anything.
        case sendThenCloseAfter(String, Duration)
        /// Reads no further and keeps the connection.
        case stopReading(String)
    }

    /// The answers by verb: `CONNECT`, `EHLO`, `HELO`, `MAIL`, `RCPT`, `DATA`, `.`, `QUIT`. What is missing is answered
    /// as a friendly server would.
    package struct Script: Sendable {
        package var answers: [String: Answer] = [:]
        /// What EHLO offers beside the greeting line.
        package var capabilities: [String] = []
        /// The answer to MAIL from the second mail of a connection on, in place of that in `answers`.
        package var secondMail: Answer?

        package init(
            answers: [String: Answer] = [:], capabilities: [String] = [], secondMail: Answer? = nil
        ) {
            self.answers = answers
            self.capabilities = capabilities
            self.secondMail = secondMail
        }
    }

    /// What one connection brought.
    package struct Record: Sendable {
        /// Every byte received, in order.
        package var received: [UInt8] = []
        /// The command lines, without line ends; the text of mails is not among them.
        package var commands: [String] = []
        /// The texts of mails with dot-stuffing undone, the final dot line not included.
        package var texts: [[UInt8]] = []
    }

    package let port: Int
    private let script: @Sendable (Int) -> Script
    private let listener: Int32
    private let state = Mutex<State>(State())

    private struct State {
        var records: [Record] = []
        var descriptors: [Int32] = []
        var isStopped = false
    }

    /// Listens with one script for all connections.
    package convenience init(_ script: Script = Script()) throws {
        try self.init { _ in script }
    }

    /// Listens; `script` gives the script for the connection of that number, from 0.
    package init(script: @escaping @Sendable (Int) -> Script) throws {
        let (descriptor, port) = try LoopbackPort.bound(to: 0)
        guard listen(descriptor, 64) == 0 else { throw TestSupportFault("Cannot listen: errno \(errno).") }
        self.listener = descriptor
        self.port = port
        self.script = script
        DescriptorInheritance.acceptAll(of: descriptor) { [weak self] connection in
            guard let self else { return false }
            serve(connection)
            return true
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        for descriptor in state.withLock({ $0.descriptors }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// The records of all connections so far, in the order of their opening.
    package var records: [Record] { state.withLock { $0.records } }

    /// Waits until `condition` holds for the records; the records then.
    package func records(
        within limit: Duration = .seconds(100), until condition: ([Record]) -> Bool
    ) async throws -> [Record] {
        let deadline = ContinuousClock.now + limit
        while true {
            let records = records
            if condition(records) { return records }
            guard ContinuousClock.now < deadline else { throw TestSupportFault("The expected bytes did not come.") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func serve(_ connection: Int32) {
        let number = state.withLock { state in
            state.records.append(Record())
            state.descriptors.append(connection)
            return state.records.count - 1
        }
        let script = script(number)
        DetachedThread.start { [weak self] in
            var conversation = RawSMTPConversation(connection: connection, script: script) { change in
                self?.state.withLock { change(&$0.records[number]) }
            }
            conversation.run()
            self?.state.withLock { state in state.descriptors.removeAll { $0 == connection } }
            close(connection)
        }
    }
}
