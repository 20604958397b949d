import Events
import Foundation
import Mail
import Rendering
import TestSupport
import Testing

/// Where the filter is, or `nil`.
enum SpamFilter {
    static let program = TestProcess.find("spamassassin")
}

/// What SpamAssassin makes of the built-in mails with the rules that Debian ships, without asking the network.
@Suite(.enabled(if: SpamFilter.program != nil, "spamassassin is not installed"), .timeLimit(.minutes(5)))
struct SpamTests {
    /// More than this, and a filter that adds reasons of its own may call a mail spam.
    private static let scoreMax = 1.0

    @Test func noBuiltInMailLooksLikeSpam() throws {
        let now = Timestamp(seconds: 1_795_075_265)
        let links = LinkSigner(base: "https://hookmail.example.com", key: Secret(Array("key".utf8), label: "test"))
        let composer = Composer(templates: .builtin, identity: .test, links: links)
        var names: [String] = []
        var box = ""
        func add(_ name: String, _ message: Message) {
            names.append(name)
            let text = String(decoding: message.bytes.filter { $0 != 0x0D }, as: UTF8.self)
            box += "From alerts@example.com Sat Nov 21 08:01:05 2026\n\(text)\n"
        }
        for (name, make) in GoldenMailsTests.all.sorted(by: { $0.key < $1.key }) {
            let notification = try make()
            add(name, composer.compose(notification, recipient: "ops@example.com", now: now).message)
            let short = composer.composeShort(notification, recipient: "ops@example.com", now: now)
            add("\(name), short", try #require(short))
        }
        let to = try Address(parsing: "ops@example.com")
        for (name, own) in OwnSample.all.sorted(by: { $0.key < $1.key }) {
            add(name, composer.compose(own, to: to, now: now).message)
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("mails-\(UUID().uuidString).mbox")
        try Data(box.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try TestProcess.run(
            try #require(SpamFilter.program), ["--local", "--cf", "report_safe 0", "--mbox", file.path])
        let verdicts = result.output.replacing(/\n[ \t]+/, with: " ").matches(
            of: /X-Spam-Status: (?<status>[^\n]*score=(?<score>-?[0-9.]+)[^\n]*)/)
        #expect(verdicts.count == names.count, "\(verdicts.count) verdicts on \(names.count) mails")
        for (name, verdict) in zip(names, verdicts) {
            #expect(Double(verdict.output.score) ?? 99 <= Self.scoreMax, "\(name): \(verdict.output.status)")
        }
    }
}
