import Foundation
import Glibc
import Synchronization

@testable import TestSupport

/// One conversation of a raw mail server behind TLS from the first byte, which `openssl s_server` speaks for it.
final class TLSFront: Sendable {
    /// The programs it needs are installed.
    static let isAvailable = TestProcess.find("openssl") != nil && TestProcess.find("timeout") != nil

    /// An address of its own on loopback, where no other server of this process can take its port.
    let host: String
    let port: Int
    /// The certificate for `host`, which is its own authority.
    let certificateFile: String
    private let folder: ScratchFolder
    private let process: Mutex<TestProcess?>
    private let connection: Int32
    private let state = Mutex(RawSMTPServer.Record())
    private static let startedCount = Mutex(0)

    init(_ script: RawSMTPServer.Script) async throws {
        guard let openssl = TestProcess.find("openssl"), let timeout = TestProcess.find("timeout") else {
            throw TestSupportFault("openssl is not installed.")
        }
        let number = Self.startedCount.withLock { count in
            count += 1
            return count
        }
        let octets = [127, 1 + Int(getpid()) % 254, number / 254 % 256, 1 + number % 254]
        let host = octets.map(String.init).joined(separator: ".")
        self.host = host
        folder = try ScratchFolder()
        certificateFile = folder.path + "/certificate.pem"
        let keyFile = folder.path + "/key.pem"
        let (status, output) = try TestProcess.run(
            openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=\(host)", "-addext", "subjectAltName=IP:\(host)",
                "-keyout", keyFile, "-out", certificateFile,
            ]
        )
        guard status == 0 else { throw TestSupportFault("No certificate: \(output)") }
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw TestSupportFault("No sockets: errno \(errno).") }
        connection = ends[0]
        defer { close(ends[1]) }
        port = try LoopbackPort.free()
        // The time limit ends a server whose test process died before it could.
        let server = try TestProcess(
            starting: timeout,
            [
                "300", openssl, "s_server", "-quiet", "-accept", "\(host):\(port)",
                "-cert", certificateFile, "-key", keyFile,
            ],
            folder: "/", input: .descriptor(ends[1]), output: .descriptor(ends[1]), errors: .file("/dev/null")
        )
        process = Mutex(server)
        try await waitUntilListening(octets)
        let connection = connection
        DetachedThread.start { [weak self] in
            var conversation = RawSMTPConversation(connection: connection, script: script) { change in
                self?.state.withLock { change(&$0) }
            }
            conversation.run()
            close(connection)
        }
    }

    deinit {
        // The end of the server is the end of the conversation, which closes its own descriptor.
        process.withLock { $0 = nil }
    }

    /// What the conversation brought so far, in clear.
    var record: RawSMTPServer.Record { state.withLock { $0 } }

    /// Looks into the system's table of sockets: a connection made to try would be the one that is served.
    private func waitUntilListening(_ octets: [Int]) async throws {
        let address = octets.reversed().map { String(format: "%02X", $0) }.joined()
        let line = address + String(format: ":%04X 00000000:0000 0A", port)
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            let table = FileManager.default.contents(atPath: "/proc/net/tcp") ?? Data()
            if table.range(of: Data(line.utf8)) != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportFault("Nobody listens at \(host):\(port).")
    }
}
