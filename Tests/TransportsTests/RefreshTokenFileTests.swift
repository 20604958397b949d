import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Transports

/// Refresh tokens that the token server replaces, over a restart: with a server that takes each of them once.
@Suite(.timeLimit(.minutes(2))) struct RefreshTokenFileTests {
    private let folder: ScratchFolder
    private var path: String { folder.path + "/hookmail.db-tokens/0a1b" }

    init() throws { folder = try ScratchFolder() }

    private func file(report: @escaping @Sendable (String) -> Void = { _ in }) -> RefreshTokenFile {
        RefreshTokenFile(path: path, report: report)
    }

    /// The number of the access token, or what is wrong.
    private func ask(_ tokens: AccessTokens) -> String {
        switch tokens.token() {
        case .token(let secret, _, _): secret.text
        case .refused(let text), .unavailable(let text): text
        case .cut: "cut"
        }
    }

    private func used(_ server: TokenServer) -> [String] {
        server.forms.map { form in
            form.split(separator: "&").first { $0.hasPrefix("refresh_token=") }.map { String($0.dropFirst(14)) } ?? ""
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func aRestartGoesOnWithTheSuccessor() throws {
        let server = try TokenServer.rotating("r", seconds: 0)
        let tokens = server.tokens(refreshToken: "r", file: file())
        #expect([ask(tokens), ask(tokens)] == ["access-1", "access-2"])
        #expect(ask(server.tokens(refreshToken: "r", file: file())) == "access-3")
        #expect(used(server) == ["r", "r-2", "r-3"])
        // Nobody else reads it.
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "r-4\n")
        #expect(try mode(path) == 0o600 && mode(folder.path + "/hookmail.db-tokens") == 0o700)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    /// What happens without the file, which is what the file is for.
    @Test func withoutTheFileARestartIsLockedOut() throws {
        let server = try TokenServer.rotating("r", seconds: 0)
        let tokens = server.tokens(refreshToken: "r")
        #expect([ask(tokens), ask(tokens)] == ["access-1", "access-2"])
        #expect(ask(server.tokens(refreshToken: "r")) == "The token server answers 400: invalid_grant.")
    }

    /// The running server and `hookmail send-test` beside it.
    @Test func twoThatShareTheFileTakeTurns() async throws {
        let server = try TokenServer.rotating("r", seconds: 0)
        let both = (0..<2).map { _ in server.tokens(refreshToken: "r", file: file()) }
        let answers = await withTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                group.addTask { [self] in
                    await withCheckedContinuation { continuation in
                        DetachedThread.start { continuation.resume(returning: ask(both[number % 2])) }
                    }
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers == Set((1...12).map { "access-\($0)" }))
    }

    @Test func whoeverWaitsForAnotherIsCut() throws {
        let server = try TokenServer.rotating("r")
        let held = try file().hold { false }
        let tokens = server.tokens(refreshToken: "r", file: file())
        DetachedThread.start {
            usleep(100_000)
            tokens.cut()
        }
        #expect(ask(tokens) == "cut" && server.forms.isEmpty)
        _ = consume held
        #expect(ask(server.tokens(refreshToken: "r", file: file())) == "access-1")
    }

    @Test func aFileThatHoldsNoTokenStopsBeforeAnythingIsAsked() throws {
        let server = try TokenServer.rotating("r", seconds: 0)
        _ = ask(server.tokens(refreshToken: "r", file: file()))
        for content in ["", "\n", "r-2", "r-2\nmore\n", "canary two\n", String(repeating: "a", count: 20_000) + "\n"] {
            try content.write(toFile: path, atomically: false, encoding: .utf8)
            let said = ask(server.tokens(refreshToken: "r", file: file()))
            #expect(said == "The file of the refresh token holds no token; remove it, and the configured one is used.")
        }
        #expect(server.forms.count == 1)
        // Put back as it was it goes on.
        try "r-2\n".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(ask(server.tokens(refreshToken: "r", file: file())) == "access-2")
        // Removed, the configured one is used again; whether the server takes it is the server's word.
        try FileManager.default.removeItem(atPath: path)
        #expect(ask(server.tokens(refreshToken: "r", file: file())) == "The token server answers 400: invalid_grant.")
    }

    @Test func aTokenThatCannotBeWrittenGoesOnInMemoryAndIsWrittenLater() throws {
        let server = try TokenServer.rotating("r", seconds: 0)
        let told = Mutex<[String]>([])
        let tokens = server.tokens(refreshToken: "r", file: file { words in told.withLock { $0.append(words) } })
        #expect(ask(tokens) == "access-1")
        // A folder is in the way of the draft.
        try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: false)
        #expect([ask(tokens), ask(tokens)] == ["access-2", "access-3"])
        #expect(told.withLock { $0.count } == 2)
        #expect(told.withLock { $0.allSatisfy { $0.hasPrefix("cannot be written: ") && !$0.contains("r-") } })
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "r-2\n")
        try FileManager.default.removeItem(atPath: path + ".new")
        #expect(ask(tokens) == "access-4")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "r-5\n" && told.withLock { $0.count } == 2)
    }

    /// Google's never change, and client credentials have none.
    @Test func whatIsNotReplacedIsNotWritten() throws {
        let server = try TokenServer(.token("t1", more: #","refresh_token":"r""#))
        #expect(ask(server.tokens(refreshToken: "r", file: file())) == "t1")
        #expect(!FileManager.default.fileExists(atPath: path))
        let other = try TokenServer(.token("t1", seconds: 0, more: #","refresh_token":"given""#))
        let tokens = other.tokens(file: file())
        #expect([ask(tokens), ask(tokens)] == ["t1", "t1"])
        #expect(other.forms.allSatisfy { $0.hasPrefix("grant_type=client_credentials&") })
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    /// `hookmail send-test` of somebody who may not write there: there is nothing to share yet.
    @Test func whereNothingCanBeKeptTheConfiguredTokenServes() throws {
        let server = try TokenServer.rotating("r", seconds: 0)
        let told = Mutex<[String]>([])
        let nowhere = RefreshTokenFile(path: folder.path + "/none/tokens/0a1b") { words in
            told.withLock { $0.append(words) }
        }
        let tokens = server.tokens(refreshToken: "r", file: nowhere)
        #expect([ask(tokens), ask(tokens)] == ["access-1", "access-2"])
        #expect(told.withLock { $0.count } == 2)
    }

    @Test func noDescriptionShowsTheToken() throws {
        let server = try TokenServer.rotating("canary", seconds: 0)
        let tokens = server.tokens(refreshToken: "canary", file: file())
        _ = ask(tokens)
        var dumped = "\(tokens)"
        dump(tokens, to: &dumped)
        dump(file(), to: &dumped)
        #expect(!dumped.contains("canary"))
    }
}
