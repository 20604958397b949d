import Events
import Foundation
import TestSupport
import Testing
import Transports

@testable import Bridge

/// Which file a configured refresh token has.
@Suite struct RefreshTokenFolderTests {
    private func configuration(
        token: String = "{file: hookmail.secret}", client: String = "c", url: String = "https://login.example.com/t",
        more: String = ""
    ) throws -> Configuration {
        let outcome = Surroundings().load(
            """
            sources: {p: {path: /h/, verify: keywordsai, secrets: [{env: KEYWORDSAI_WEBHOOK_SECRET}]}}
            mail:
              from: a@example.com
              server: smtp://smtp.example.com:587
              username: a@example.com
              oauth2: {token_url: "\(url)", client_id: \(client), refresh_token: \(token)}
            \(more)
            rules: [{name: r, when: failed, notify: ops@example.com, at_most: 1 per 1h}]
            """)
        return try #require(outcome.configuration, "\(outcome.rendered)")
    }

    private func settings(_ configuration: Configuration) throws -> OAuth2Settings {
        guard case .smtp(let server) = configuration.mail.server,
            case .oauth2(let settings)? = server.credentials?.proof
        else { throw TestSupportFault("no oauth2") }
        return settings
    }

    /// Another configured token wins over what was kept for the one before, and so does another place to use it.
    @Test func everyTokenAndPlaceHasAFileOfItsOwn() throws {
        let folder = RefreshTokenFolder(store: "/var/lib/hookmail/hookmail.db")
        func path(_ configuration: Configuration) throws -> String {
            try #require(folder.file(for: try settings(configuration))?.path)
        }
        let paths = [
            try path(configuration()), try path(configuration(token: "{env: SMTP_PASSWORD}")),
            try path(configuration(client: "d")), try path(configuration(url: "https://login.example.com/u")),
        ]
        #expect(Set(paths).count == 4)
        #expect(paths[0].hasPrefix("/var/lib/hookmail/hookmail.db-tokens/"))
        #expect(paths.allSatisfy { !$0.contains("0123456789abcdef0") })
        // The same token from elsewhere, in a reload or another process, is the same file.
        #expect(try path(configuration(more: "listen: 127.0.0.1:8002")) == paths[0])
    }

    @Test func clientCredentialsHaveNone() throws {
        let settings = OAuth2Settings(
            tokenURL: "https://a.b/t", clientID: "c", clientSecret: Secret(Array("s".utf8), label: "test"),
            refreshToken: nil, scope: nil, certificateAuthorityFile: nil)
        #expect(RefreshTokenFolder(store: "h.db").file(for: settings) == nil)
    }

    @Test func filesOfTokensThatAreNotConfiguredGoAfterAWhile() throws {
        let scratch = try ScratchFolder()
        let folder = RefreshTokenFolder(store: scratch.path + "/h.db")
        let configuration = try configuration()
        let mine = try #require(folder.file(for: try settings(configuration))?.path)
        let place = scratch.path + "/h.db-tokens"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        for name in [mine, mine + ".lock", place + "/old", place + "/old.lock"] {
            try "x\n".write(toFile: name, atomically: false, encoding: .utf8)
        }
        let now = Int64(Date().timeIntervalSince1970)
        folder.removeUnused(configuration.mail, now: now + RefreshTokenFolder.unusedSecondsMax - 60)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == 4)
        folder.removeUnused(configuration.mail, now: now + RefreshTokenFolder.unusedSecondsMax + 60)
        let left = try FileManager.default.contentsOfDirectory(atPath: place).map { "\(place)/\($0)" }
        #expect(Set(left) == [mine, mine + ".lock"])
        // Where there is no folder there is nothing to do.
        RefreshTokenFolder(store: scratch.path + "/none.db").removeUnused(configuration.mail, now: now)
    }
}
