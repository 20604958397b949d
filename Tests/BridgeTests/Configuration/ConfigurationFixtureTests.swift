import Bridge
import Events
import Expressions
import Foundation
import Testing

/// Every folder of `ConfigurationFixtures` is a configuration with something to find in it, and all of what is said
/// about it. With `HOOKMAIL_RECORD_FIXTURES=1` the expected texts are written anew: read the difference before it is
/// kept.
@Suite struct ConfigurationFixtureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ConfigurationFixtures")

    private static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }()

    @Test func thereAreEnoughCases() {
        #expect(Self.cases.count >= 25)
    }

    @Test(arguments: cases) func everythingFoundIsSaid(name: String) throws {
        let folder = Self.folder.appending(path: name)
        let text = try String(decoding: Data(contentsOf: folder.appending(path: "hookmail.yaml")), as: UTF8.self)
        var surroundings = Surroundings()
        surroundings.add(folder: "my-templates", from: folder.appending(path: "my-templates"))
        surroundings.add(folder: "rules", from: folder.appending(path: "rules"))
        let said = surroundings.load(text).rendered
        let expected = folder.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["HOOKMAIL_RECORD_FIXTURES"] != nil {
            try Data((said + "\n").utf8).write(to: expected)
        }
        #expect(try said + "\n" == String(decoding: Data(contentsOf: expected), as: UTF8.self))
        #expect(!said.contains("do-not-show-me") && !said.contains("do_not_show_me"))
    }
}

/// The machine as the configurations of the tests find it.
struct Surroundings {
    var environment = [
        "KEYWORDSAI_WEBHOOK_SECRET": "whsec_0123456789abcdef0123456789",
        "SMTP_PASSWORD": "an SMTP password", "EMPTY": "", "SHORT": "too short",
        "PASSWORD": "do-not-show-me-as-people-type-them", "SPACED": " do-not-show-me-with-spaces-around ",
        "PRIVATE_KEY": "whsk_do_not_show_me_0123456789abcdef", "BROKEN_PUBLIC_KEY": "whpk_do_not_show_me_0123456789",
        "STRIPE_API_KEY": "sk_live_do_not_show_me_0123456789", "SLACK_TOKEN": "xoxb-do-not-show-me-0123456789",
        "GITHUB_TOKEN": "github_pat_do_not_show_me_0123456789",
        "LOCKED_KEY": "-----BEGIN ENCRYPTED PRIVATE KEY-----\ndo-not-show-me",
        "ED25519_KEY": Self.ed25519Key,
        "STANDARD_WEBHOOKS_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ]
    var files: [String: FileContent] = [
        "hookmail.secret": FileContent(bytes: Array("0123456789abcdef0123456789abcdef\n".utf8)),
        "empty.secret": FileContent(bytes: Array("\n".utf8)),
        "open.secret": FileContent(bytes: Array("0123456789abcdef0123456789abcdef".utf8), isWorldReadable: true),
    ]

    /// A private key of Ed25519 in PKCS #8 (RFC 8410 §7): 32 bytes behind the words that say what they are.
    private static let ed25519Key: String = {
        let head: [UInt8] = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]
        let lines = [
            "-----BEGIN PRIVATE KEY-----", Base64.encode(head + Array(1...32)), "-----END PRIVATE KEY-----", "",
        ]
        return lines.joined(separator: "\n")
    }()

    /// The names in each folder.
    var folders: [String: [String]] = [:]

    /// Puts a folder of this machine beside the configuration, when there is one.
    mutating func add(folder name: String, from url: URL) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else { return }
        folders[name] = names.sorted()
        for file in names {
            guard let data = try? Data(contentsOf: url.appending(path: file)) else { continue }
            files["\(name)/\(file)"] = FileContent(bytes: Array(data))
        }
    }

    /// What a configuration came to.
    struct Outcome {
        let configuration: Configuration?
        let diagnostics: Diagnostics

        var rendered: String { diagnostics.rendered() }
    }

    func load(_ text: String) -> Outcome {
        do {
            let loaded = try Configuration.load(
                text: text, file: "hookmail.yaml", folder: "", environment: { environment[$0] },
                files: { path in files[path].map { .success($0) } ?? .failure(.notFound) },
                folders: { path in folders[path].map { .success($0) } ?? .failure(.notFound) }
            )
            return Outcome(configuration: loaded.configuration, diagnostics: loaded.warnings)
        } catch {
            return Outcome(configuration: nil, diagnostics: error)
        }
    }
}
