import ArgumentParser
import Events
import Foundation

/// The demo's own folder: configuration, secret, store and mails; removed at the end.
struct DemoStage: Sendable {
    /// Rules that show a match, a second rule, a throttle, and a window.
    static let rules = """
        rules:
          - name: failed-calls
            when: failed
            notify: you@example.com
            at_most: 1 per 15m
          - name: expensive
            when: cost > 0.5 and environment == "prod"
            notify: you@example.com
            severity: high
          - name: provider-trouble
            when: failed
            per: [provider_id]
            count: {at_least: 5, within: 10m}
            notify: you@example.com
            severity: urgent
        """

    let folder: String
    let secret: Secret

    var configurationPath: String { folder + "/hookmail.yaml" }

    static func make() throws -> DemoStage {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/hookmail-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            Terminal.err("No folder could be made in \(parent): \(String(cString: strerror(errno))).")
            throw ExitCode.unavailable
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let key = (0..<32).map { _ in String(UInt8.random(in: 16 ... .max), radix: 16) }.joined()
        let stage = DemoStage(folder: folder, secret: Secret(Array(key.utf8), label: "demo"))
        try OutputFile.create(folder + "/hookmail.secret", Array(key.utf8), mode: 0o600)
        let text = """
            store: sqlite:./hookmail.db
            sources:
              demo: {path: /api/webhook/, verify: keywordsai, secrets: [{file: ./hookmail.secret}]}
            mail:
              from: Hookmail <hookmail@example.com>
              server: maildir:./mail
            \(rules)
            """
        try OutputFile.create(stage.configurationPath, Array((text + "\n").utf8), mode: 0o600)
        return stage
    }

    /// Removes the folder with all it holds.
    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }
}
