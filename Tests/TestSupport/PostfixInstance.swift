import Foundation
import Glibc

/// A real Postfix of our own for tests: one for the whole test process, started when first asked for and stopped at
/// its exit. The script `scripts/postfix-instance` says what it offers.
package final class PostfixInstance: Sendable {
    /// Whether this machine can run one: Postfix and openssl are installed, and we are root.
    package static let isAvailable: Bool = {
        let isInstalled = ["postfix", "postconf", "openssl"].allSatisfy { TestProcess.find($0) != nil }
        let isAvailable = isInstalled && geteuid() == 0
        // Required means: run, and fail where it cannot be had, instead of a green run that tested less.
        if !isAvailable, ProcessInfo.processInfo.environment["HOOKMAIL_REQUIRE_POSTFIX"] != nil { return true }
        if !isAvailable {
            FileHandle.standardError.write(
                Data("SKIPPED: tests with a real Postfix (not installed, or not root)\n".utf8))
        }
        return isAvailable
    }()

    /// The login that the port `loginPort` asks for.
    package static let username = "tester@example.test"
    /// Its password.
    package static let password = "correct horse: battery 7 staple"

    /// STARTTLS, certificate for `localhost`, no login.
    package let port: Int
    /// TLS from the first byte.
    package var implicitTLSPort: Int { port + 1 }
    /// STARTTLS with an expired certificate.
    package var expiredPort: Int { port + 2 }
    /// STARTTLS and a login.
    package var loginPort: Int { port + 3 }
    /// Whether Dovecot, which judges the logins of the ports below, is installed; required where Postfix is.
    package static let hasDovecot: Bool = {
        guard isAvailable else { return false }
        return TestProcess.isExpected("dovecot")
    }()
    /// STARTTLS and a login by PLAIN or LOGIN, which a real Dovecot judges.
    package var dovecotPort: Int { port + 4 }
    /// TLS from the first byte and a login by LOGIN alone.
    package var onlyLOGINPort: Int { port + 5 }
    /// STARTTLS and a login by CRAM-MD5 alone.
    package var onlyCRAMPort: Int { port + 6 }
    /// As `dovecotPort`, and only `username` may be the sender.
    package var ownSenderPort: Int { port + 7 }
    /// STARTTLS and a login by access token alone, about which the Dovecot asks at `tokenInfoPort`.
    package var tokenPort: Int { port + 8 }
    /// Where a test answers what the Dovecot asks: `GET /tokeninfo?access_token=…`.
    package var tokenInfoPort: Int { port + 9 }
    /// STARTTLS, and mail only from clients with `clientCertificateFile` or another of the same authority.
    package var clientCertificatePort: Int { port + 10 }
    /// STARTTLS, and no SMTPUTF8, which `port` offers.
    package var withoutSMTPUTF8Port: Int { port + 11 }
    /// Further logins of the Dovecot, with what a careless client would break: letters beyond ASCII, quotes, percent
    /// signs, colons, spaces at both ends, base64's own signs, 500 characters.
    package static let oddLogins: [(username: String, password: String)] = [
        ("grüße@example.test", "Pässwörter sind schön: 密码 🔑"), ("percent", "100%s %n %00"),
        ("quotes", #"'"`\"\'$(id);|&<>"#), ("colons", "a:b:c:"), ("spaces", "  both ends  "),
        ("equals", "=ab+/=="), ("name with space", "x"), ("long", String(repeating: "Zx9-", count: 125)),
        ("backslash", #"back\slash"#), ("semicolon", "semi;AUTH=*"),
    ]

    /// The authority that signed the certificates, as a PEM file.
    package var certificateAuthorityFile: String { "\(folder)/ca.pem" }

    /// A certificate for a client, a PEM file, and its key.
    package var clientCertificateFile: String { "\(folder)/client.pem" }
    package var clientKeyFile: String { "\(folder)/client.key" }

    private let folder: String
    private let login: SASLAuthServer

    /// The instance of this process. It does not block for long: a start takes about three seconds.
    package static func shared() throws -> PostfixInstance {
        try started.get()
    }

    private static let started: Result<PostfixInstance, any Error> = Result {
        var fault: (any Error)?
        // Another process may take a port between the look and the start.
        for _ in 0..<3 {
            do {
                let instance = try PostfixInstance()
                atexit { PostfixInstance.stopAtExit() }
                return instance
            } catch {
                fault = error
            }
        }
        throw fault ?? TestSupportFault("Postfix did not start.")
    }

    private init() throws {
        port = try LoopbackPort.free(count: 12)
        folder = FileManager.default.temporaryDirectory.path + "/hookmail-postfix-\(getpid())-\(port)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let users = [(username: Self.username, password: Self.password)] + Self.oddLogins
        let lines = users.map { "\($0.username):{PLAIN.b64}\(Data($0.password.utf8).base64EncodedString())\n" }
        try lines.joined().write(toFile: "\(folder)/users", atomically: true, encoding: .utf8)
        login = try SASLAuthServer(path: "\(folder)/auth", username: Self.username, password: Self.password)
        do {
            let (status, output) = try TestProcess.run(Self.script, ["start", folder, String(port), String(getpid())])
            guard status == 0, LoopbackPort.accepts(port) else {
                throw TestSupportFault("Postfix did not start (\(status)): \(output)")
            }
        } catch {
            _ = try? TestProcess.run(Self.script, ["stop", folder])
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private static let script: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("scripts/postfix-instance").path
    }()

    /// Stops the instance; the script's own watch over this process does the same after a crash.
    private static func stopAtExit() {
        guard case .success(let instance) = started else { return }
        _ = try? TestProcess.run(script, ["stop", instance.folder])
    }

    /// The delivered mail that holds `text`, with LF line ends as Postfix writes it; waits for it.
    package func mail(containing text: String, within limit: Duration = .seconds(30)) async throws -> [UInt8] {
        let mails = try await mails(containing: text, count: 1, within: limit)
        return mails[0]
    }

    /// The delivered mails that hold `text`; waits until there are `count`.
    package func mails(
        containing text: String, count: Int, within limit: Duration = .seconds(30)
    ) async throws -> [[UInt8]] {
        let deadline = ContinuousClock.now + limit
        while true {
            let found = delivered(containing: text)
            if found.count >= count { return found }
            guard ContinuousClock.now < deadline else {
                throw TestSupportFault("\(found.count) of \(count) mails came within \(limit).")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The mails delivered so far that hold `text`.
    package func delivered(containing text: String) -> [[UInt8]] {
        let needle = Data(text.utf8)
        let new = "\(folder)/mail/all/new"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []
        return names.compactMap { FileManager.default.contents(atPath: "\(new)/\($0)") }
            .filter { $0.range(of: needle) != nil }
            .map { Array($0) }
    }

    /// Makes another login known to the Dovecot.
    package func addLogin(_ username: String, _ password: String) throws {
        let path = "\(folder)/users"
        let line = "\(username):{PLAIN.b64}\(Data(password.utf8).base64EncodedString())\n"
        guard let file = FileHandle(forWritingAtPath: path) else { throw TestSupportFault("There is no \(path).") }
        try file.seekToEnd()
        try file.write(contentsOf: Data(line.utf8))
        try file.close()
    }

    /// What Postfix has logged so far.
    package var log: String {
        String(decoding: FileManager.default.contents(atPath: "\(folder)/mail.log") ?? Data(), as: UTF8.self)
    }
}
