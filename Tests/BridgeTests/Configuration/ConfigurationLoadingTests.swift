import Bridge
import Events
import Expressions
import Foundation
import Mail
import Rules
import Store
import TestSupport
import Testing

@Suite struct ConfigurationLoadingTests {
    private func load(_ text: String, _ surroundings: Surroundings = Surroundings()) throws -> Configuration {
        let outcome = surroundings.load(text)
        return try #require(outcome.configuration, "\(outcome.rendered)")
    }

    private static let whole = """
        listen: "[::1]:9000"
        admin: 0.0.0.0:9001
        admin_token: {file: ./hookmail.secret}
        store: sqlite:/var/lib/hookmail/hookmail.db
        keep: {bodies: never, events: 30d, mails: 48h, bytes: 512MiB}
        sources:
          production:
            path: /api/webhook/
            verify: keywordsai
            secrets:
              - env: KEYWORDSAI_WEBHOOK_SECRET
              - {file: ./hookmail.secret, until: 2026-12-31}
          other:
            path: /other
            verify: {hmac: {header: X-Hub-Signature-256, algorithm: sha512, encoding: base64, prefix: sha512=}}
            secrets: {env: KEYWORDSAI_WEBHOOK_SECRET}
        mail:
          from: '"Hookmail, at night" <Alerts@Example.COM>'
          server: smtps://smtp.example.com
          username: alerts@example.com
          password: {env: SMTP_PASSWORD}
        recipients:
          llm-team: {to: [llm@example.com, LLM@example.com, oncall@EXAMPLE.com]}
          lead: {to: lead@example.com}
        rules:
          - {name: failed-calls, when: failed, notify: [llm-team, oncall@Example.com, lead], severity: high}
        """

    @Test func everyKeyReachesItsPlace() throws {
        let configuration = try load(Self.whole)
        #expect(configuration.listen == ListenAddress(host: "::1", port: 9000))
        #expect(configuration.listen.description == "[::1]:9000" && configuration.listen.isLoopback)
        #expect(configuration.admin == ListenAddress(host: "0.0.0.0", port: 9001) && !configuration.admin.isLoopback)
        #expect(configuration.adminToken?.revealedBytes == Array("0123456789abcdef0123456789abcdef".utf8))
        #expect(configuration.store == .sqlite(path: "/var/lib/hookmail/hookmail.db"))
        #expect(configuration.retention.bodies == nil && configuration.retention.events == .seconds(30 * 86_400))
        #expect(configuration.retention.mails == .seconds(48 * 3_600) && configuration.retention.bytesMax == 512 << 20)
        #expect(configuration.sources.map(\.name) == ["production", "other"])
        #expect(configuration.sources.map(\.path) == ["/api/webhook", "/other"])
        let labels = configuration.sources[0].secrets.map(\.label)
        #expect(labels == ["env KEYWORDSAI_WEBHOOK_SECRET", "file ./hookmail.secret"])
        #expect(configuration.sources[0].secrets.map(\.count) == [32, 32])
        let endOfYear = Timestamp.endOfDay(utcYear: 2026, month: 12, day: 31)
        #expect(configuration.sources[0].secrets[1].until == endOfYear && endOfYear != nil)
        guard case .keywordsai = configuration.sources[0].scheme, case .hmac(let hmac) = configuration.sources[1].scheme
        else {
            Issue.record("the schemes are mixed up")
            return
        }
        #expect(
            hmac == HMACScheme(header: "X-Hub-Signature-256", algorithm: .sha512, encoding: .base64, prefix: "sha512="))
        #expect(configuration.mail.from.displayName == "Hookmail, at night")
        #expect(configuration.mail.from.address.description == "Alerts@example.com")
        guard case .smtp(let server) = configuration.mail.server else {
            Issue.record("no SMTP server")
            return
        }
        #expect(server.host == "smtp.example.com" && server.port == 465 && server.security == .implicitTLS)
        #expect(server.credentials?.username == "alerts@example.com")
        guard case .password(let password)? = server.credentials?.proof else {
            Issue.record("no password")
            return
        }
        #expect(password.revealedBytes == Array("an SMTP password".utf8))
        let rule = try #require(configuration.ruleSet.rules.first)
        let addresses = ["llm@example.com", "LLM@example.com", "oncall@example.com", "lead@example.com"]
        #expect(rule.recipients == addresses && rule.severity == .high && rule.throttle == nil)
    }

    @Test func everySchemeIsRead() throws {
        let secret = "secrets: [{env: STANDARD_WEBHOOKS_SECRET}]"
        let configuration = try load(
            """
            listen: 0.0.0.0:8000
            trusted_proxies: ["2001:db8::/32", 10.0.0.0/8]
            sources:
              a: {path: /a, verify: standard-webhooks, \(secret)}
              b: {path: /b, verify: github, \(secret), allow: [192.30.252.0/22, "2a0a:a440::/29"]}
              c: {path: /c, verify: stripe, \(secret)}
              d: {path: /d, verify: slack, \(secret)}
              e: {path: /e, verify: token, \(secret)}
              f: {path: /f, verify: {token: {header: X-Gitlab-Token}}, \(secret)}
              g: {path: /g, verify: none, allow: 127.0.0.1}
            mail: {from: a@example.com, server: 'smtp://localhost'}
            rules: [{name: r, when: failed, notify: a@example.com}]
            """)
        #expect(
            configuration.sources.map(\.scheme) == [
                .standardWebhooks, .github, .stripe, .slack, .token(TokenScheme(header: "Authorization")),
                .token(TokenScheme(header: "X-Gitlab-Token")), .none,
            ])
        #expect(configuration.sources.map(\.allowed.count) == [0, 2, 0, 0, 0, 0, 1])
        #expect(configuration.sources.map(\.secrets.count) == [1, 1, 1, 1, 1, 1, 0])
        #expect(configuration.trustedProxies == [try AddressBlock("2001:db8::/32"), try AddressBlock("10.0.0.0/8")])
    }

    /// A command that looks at the store runs where the secrets are not, and what stands for them has no shape.
    @Test func secretsThatAreMissingHereHaveNoShape() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hookmail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "hookmail.yaml").path
        let text = ConfigurationStarter.text.replacingOccurrences(of: "keywordsai", with: "standard-webhooks")
        try Data(text.utf8).write(to: URL(filePath: path))
        #expect(try Configuration.loadWithoutSecrets(path: path).configuration.sources[0].scheme == .standardWebhooks)
        for place in ["env: NOT_SET_ANYWHERE", "file: ./not-there"] {
            try Data((text + "\nadmin_token: {\(place)}\n").utf8).write(to: URL(filePath: path))
            let configuration = try Configuration.loadWithoutSecrets(path: path).configuration
            #expect(configuration.adminToken == nil, "what stands for a token is sent to a server")
        }
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let configuration = try load(
            """
            sources: {s: {path: /w, verify: keywordsai, secrets: [{env: KEYWORDSAI_WEBHOOK_SECRET}]}}
            mail: {from: a@example.com, server: 'smtp://localhost'}
            rules: [{name: r, when: failed, notify: a@example.com}]
            """
        )
        #expect(
            configuration.listen.description == "127.0.0.1:8000" && configuration.admin.description == "127.0.0.1:8001")
        #expect(configuration.store == .sqlite(path: "hookmail.db") && configuration.adminToken == nil)
        #expect(configuration.retention.bodies == .seconds(7 * 86_400) && configuration.retention.bytesMax == 4 << 30)
        guard case .smtp(let server) = configuration.mail.server else {
            Issue.record("no SMTP server")
            return
        }
        #expect(server.port == 587 && server.security == .startTLS && server.credentials == nil)
    }

    @Test func theStarterLoadsWithoutAWord() throws {
        let outcome = Surroundings(environment: [:]).load(ConfigurationStarter.text)
        #expect(outcome.rendered == "")
        let configuration = try #require(outcome.configuration)
        #expect(configuration.ruleSet.rules.map(\.name) == ["failed-calls", "expensive-call"])
        #expect(configuration.ruleSet.rules.allSatisfy { $0.throttle != nil })
        guard case .maildir("mail") = configuration.mail.server else {
            Issue.record("mails do not stay in a folder")
            return
        }
    }

    @Test func pathsAreRelativeToTheFileAndItsFilesAreRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hookmail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "hookmail.yaml").path
        let secret = folder.appending(path: ConfigurationStarter.secretFile).path
        try Data(ConfigurationStarter.text.utf8).write(to: URL(filePath: path))
        try Data("0123456789abcdef0123456789abcdef\r\n".utf8).write(to: URL(filePath: secret))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: secret)
        let loaded = try Configuration.load(path: path, environment: { _ in nil }, files: FileContent.read)
        #expect(loaded.configuration.store == .sqlite(path: folder.path + "/hookmail.db"))
        #expect(loaded.configuration.sources[0].secrets.map(\.count) == [32])
        #expect(loaded.warnings.all.map(\.message) == ["every user of this machine can read \(secret)"])
    }

    /// The files of a reading are those that are watched, so that a change of an included one is seen, and a new one.
    @Test func includedFilesAreReadAgainWithTheConfiguration() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/hookmail.yaml"
        let text = """
            sources: {test: {path: /hook, verify: none, allow: [127.0.0.1/32]}}
            mail: {from: a@example.com, server: "maildir:./mail"}
            include: rules/*.yaml

            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder.path + "/rules", withIntermediateDirectories: false)
        func write(_ name: String) throws {
            let rule = "rules: [{name: \(name), when: failed, notify: a@example.com}]\n"
            try rule.write(toFile: "\(folder.path)/rules/\(name).yaml", atomically: true, encoding: .utf8)
        }
        try write("b")
        let first = ConfigurationReading.read(path: path)
        #expect(first.files == [path, folder.path + "/rules", folder.path + "/rules/b.yaml"])
        #expect(try first.result.get().configuration.ruleSet.rules.map(\.name) == ["b"])
        try write("a")
        let second = ConfigurationReading.read(path: path)
        #expect(second.files.count == 4)
        #expect(try second.result.get().configuration.ruleSet.rules.map(\.name) == ["a", "b"])
        #expect(try second.result.get().configuration.ruleSet.hash != first.result.get().configuration.ruleSet.hash)
    }

    @Test func unreadableFilesAreNamed() {
        let missing = #expect(throws: Diagnostics.self) {
            try Configuration.load(path: "/nowhere/hookmail.yaml", environment: { _ in nil }, files: FileContent.read)
        }
        #expect(
            missing?.rendered() == """
                /nowhere/hookmail.yaml:1:1: error: the configuration file does not exist
                hint: `hookmail init` writes one, `--config` names another
                """
        )
        let folder = #expect(throws: Diagnostics.self) {
            try Configuration.load(path: "/tmp", environment: { _ in nil }, files: FileContent.read)
        }
        #expect(folder?.rendered() == "/tmp:1:1: error: the configuration file is a folder")
        let binary = #expect(throws: Diagnostics.self) {
            try Configuration.load(
                path: "x", environment: { _ in nil }, files: { _ in .success(FileContent(bytes: [0x61, 0xFF])) }
            )
        }
        #expect(binary?.all.map(\.message) == ["the configuration file is not UTF-8"])
    }

    @Test func secretsAreNeverPrinted() throws {
        let configuration = try load(Self.whole)
        var printed = ""
        dump(configuration, to: &printed)
        printed += "\(configuration) \(String(reflecting: configuration))"
        #expect(!printed.contains("0123456789abcdef") && !printed.contains("an SMTP password"))
    }

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) func loopbackNeedsNoToken(host: String) throws {
        let written = host.contains(":") ? "[\(host)]:8001" : "\(host):8001"
        let text = ConfigurationStarter.text.replacingOccurrences(of: "127.0.0.1:8001", with: "'\(written)'")
        #expect(Surroundings().load(text).rendered == "")
    }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", ":8001", "[::1]", "[::g]:1", "::1:8001", "a b:1", "-x:1",
        "h:999999",
    ])
    func badListenAddressesAreRefused(text: String) {
        let file = ConfigurationStarter.text.replacingOccurrences(of: "127.0.0.1:8000", with: "\"\(text)\"")
        #expect(Surroundings().load(file).diagnostics.hasErrors)
    }

    @Test(arguments: ["webhook", "/a b", "/a//b", "/../b", "/a?b", "/:id", "/*", "/{id}", "/m/x", "/readyz", "/é"])
    func badPathsAreRefused(path: String) {
        let file = ConfigurationStarter.text.replacingOccurrences(of: "path: /api/webhook/", with: "path: '\(path)'")
        #expect(Surroundings().load(file).diagnostics.hasErrors)
    }

    @Test func includedFilesTogetherBeyondTheLimitAreRefused() {
        let comment = Array(String(repeating: "# a comment\n", count: 500_000).utf8)
        var surroundings = Surroundings()
        surroundings.folders["rules"] = ["a.yaml", "b.yaml", "c.yaml"]
        for name in ["a", "b", "c"] { surroundings.files["rules/\(name).yaml"] = FileContent(bytes: comment) }
        let text = ConfigurationStarter.text + "\ninclude: rules/*.yaml\n"
        let messages = surroundings.load(text).diagnostics.all.map(\.message)
        #expect(messages == ["the included files hold more than 16 MiB together"])
    }

    @Test func aFileBeyondTheLimitIsRefused() {
        let text = ConfigurationStarter.text + String(repeating: "# a comment\n", count: 700_000)
        #expect(Surroundings().load(text).diagnostics.all.map(\.message) == ["the file is larger than 8 MiB"])
    }
}
