import Bridge
import Events
import Foundation
import Rules
import Store
import TestSupport
import Testing
import Transports

/// A folder with a configuration that a bridge runs on and that tests change under it.
struct ReloadableFolder: Sendable {
    private let folder: ScratchFolder
    let path: String

    /// - Parameter rules: what stands under `rules:`, one a line.
    init(rules: [String]) throws {
        folder = try ScratchFolder()
        path = folder.path + "/hookmail.yaml"
        try writeSecret(String(decoding: RunningBridge.secret.revealedBytes, as: UTF8.self))
        try write(rules: rules)
    }

    func writeSecret(_ secret: String, named name: String = "hook.secret") throws {
        let file = folder.path + "/" + name
        try secret.write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }

    func write(
        rules: [String], secrets: String = "{file: ./hook.secret}", mail: String = "maildir:./mail",
        rest: String = ""
    ) throws {
        try write(
            """
            sources:
              test: {path: /api/webhook/, verify: keywordsai, secrets: [\(secrets)]}
            mail: {from: Hookmail <hookmail@example.com>, server: "\(mail)"}
            \(rest)
            rules:
            \(rules.map { "  - \($0)" }.joined(separator: "\n"))

            """)
    }

    func write(_ text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }

    /// What lies in the folder.
    var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

    /// How many mails lie in the folder's Maildir of this name.
    func mails(in name: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(name)/new").count) ?? 0
    }

    /// Makes a bridge run on the configuration, with the transport of the test.
    func adjust(_ parts: inout Bridge.Parts) throws { try adjust(&parts, watches: false) }

    /// The same with a choice whether the bridge looks for changes of the file.
    func adjust(_ parts: inout Bridge.Parts, watches: Bool) throws {
        let reading = ConfigurationReading.read(path: path)
        let configuration = try reading.result.get().configuration
        parts.ruleSet = configuration.ruleSet
        let path = path
        parts.reload = Reloader.Origin(configuration: configuration, files: reading.files, watches: watches) {
            ConfigurationReading.read(path: path)
        }
    }
}

extension RunningBridge {
    /// Asks for a reload and gives the status and the members of the answer.
    func reload() async throws -> (status: Int, answer: JSONObject) {
        let answer = try await exchange.send(
            .init(method: "POST", url: adminURL + "/api/reload", body: [], timeout: .seconds(30)))
        return (answer.status, try #require(try JSONValue.decode(answer.body).object))
    }

    /// The names of the rules that decided about an event, each as often as it did.
    func rules(about event: Int64) async throws -> [String] {
        try await store.decisions(aboutEvent: event).map(\.rule).sorted()
    }
}
