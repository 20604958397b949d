import Bridge
import Events
import Expressions
import Foundation
import TestSupport
import Testing

/// The three keys by which a command finds the store and the server, in files with faults.
@Suite struct StoreAccessTests {
    /// What a file gives: store and admin address, or `nil` where it gives neither.
    private func access(_ text: String) throws -> (store: String, admin: String, token: String?)? {
        let folder = try ScratchFolder()
        let path = folder.path + "/hookmail.yaml"
        try Data(text.utf8).write(to: URL(filePath: path))
        try Data("0123456789abcdef0123456789abcdef\n".utf8).write(to: URL(filePath: folder.path + "/token"))
        do {
            let access = try Configuration.loadAccess(path: path)
            #expect(access.configuration == nil && access.faults.hasErrors)
            #expect(access.storePath.hasPrefix(folder.path + "/"))
            let store = String(access.storePath.dropFirst(folder.path.count + 1))
            let token = access.adminToken.map { String(decoding: $0.revealedBytes, as: UTF8.self) }
            return (store, access.admin.description, token)
        } catch {
            #expect(error.hasErrors)
            return nil
        }
    }

    private static let faulty = "rules: [{name: r, when: faild, notify: b@example.com}]\n"
    private static let broken = "rules:\n  - {name: r, when: [failed, notify: b@example.com}\n"

    @Test(arguments: [faulty, broken, "rules:\n\t- name: r\n", "mail: \"from\nrules:\n", "rules: 1\nrules: 2\n"])
    func faultsElsewhereDoNotMatter(fault: String) throws {
        let keys = [
            "# store: sqlite:./commented.db", "store: sqlite:./data/own.db  # ours", "\"admin\": 127.0.0.1:9001",
            "admin_token:", "  # beside the file", "  file: ./token",
        ]
        for text in [keys.joined(separator: "\n") + "\n" + fault, fault + keys.joined(separator: "\n")] {
            let access = try #require(try access(text), "\(text)")
            #expect(access == ("data/own.db", "127.0.0.1:9001", "0123456789abcdef0123456789abcdef"))
            let other = try #require(try self.access(text.replacingOccurrences(of: "\n", with: "\r\n")))
            #expect(other.store == "data/own.db")
        }
    }

    @Test(arguments: [faulty, broken, "---\n" + faulty]) func whatIsLeftOutHasItsDefault(fault: String) throws {
        let access = try #require(try access(fault))
        #expect(access == ("hookmail.db", "127.0.0.1:8001", nil))
    }

    @Test func aTokenThatIsMissingHereIsNone() throws {
        let access = try #require(try access("admin_token: {env: HOOKMAIL_NOT_SET}\n" + Self.broken))
        #expect(access.token == nil)
    }

    @Test(arguments: [
        "store: postgres://host/db", "store:", "stroe: sqlite:./other.db", "store: sqlite:./a.db\nstore: sqlite:./b.db",
        "store: {path: ./a.db}", "admin: 8001", "admni: 127.0.0.1:9001", "store: [sqlite:./a.db", "store: *place",
        "admin_token: secret-in-the-file-as-text", "\"stor\": sqlite:./a.db", "  store: sqlite:./a.db",
        "listen: 127.0.0.1:1\nstore:sqlite:./a.db", "listen: 127.0.0.1:1\nstore sqlite:./a.db",
        "listen: 127.0.0.1:1\n store: sqlite:./a.db",
        "listen: 127.0.0.1:1\nadmin:127.0.0.1:9001",
    ])
    func aFaultInTheKeysThemselvesIsNotPassedOver(line: String) throws {
        for fault in [Self.faulty, Self.broken] {
            let access = try access(line + "\n" + fault)
            #expect(access == nil, "\(line): it would look at \(access?.store ?? "")")
        }
    }

    @Test(arguments: ["? store\n: sqlite:./own.db\n", "&here store: sqlite:./own.db\n"])
    func keysInOtherFormsAreReadWhereYAMLCanBeRead(line: String) throws {
        #expect(try access("listen: 127.0.0.1:1\n" + line + Self.faulty)?.store == "own.db")
        #expect(try access("listen: 127.0.0.1:1\n" + line + Self.broken) == nil)
    }

    @Test func keysBetweenBracesAreReadWhereYAMLCanBeRead() throws {
        let readable = #"{"store": "sqlite:./own.db", "rules": [{name: r, when: faild, notify: b@example.com}]}"#
        #expect(try access(readable)?.store == "own.db")
        #expect(try access(#"{"store": "sqlite:./own.db", "rules": [}"#) == nil)
        #expect(try access(#"{"stroe": "sqlite:./own.db", "rules": [{name: r, when: faild}]}"#) == nil)
        #expect(try access("- store: sqlite:./own.db\n") == nil)
        #expect(try access("\n# nothing\n")?.store == "hookmail.db")
    }
}
