import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// The link to an event's log: the host is the operator's, whatever comes with the event.
struct LogLinkTests {
    private static let pattern = "https://platform.example.com/logs/{unique_id}"

    private func render(_ log: String, pattern: String = pattern) throws -> RenderedMail {
        try Composer(templates: .builtin, identity: .test, logLink: LogLink(pattern: pattern)).render(
            try Sample.notification(log))
    }

    @Test(arguments: [
        ("806a7bba", "https://platform.example.com/logs/806a7bba"),
        ("a/../b", "https://platform.example.com/logs/a%2F..%2Fb"),
        ("x\" onclick=\"y", "https://platform.example.com/logs/x%22%20onclick%3D%22y"),
        ("ü@evil.example", "https://platform.example.com/logs/%C3%BC%40evil.example"),
    ])
    func aMailLinksToTheLog(id: String, address: String) throws {
        let object = JSONObject([("unique_id", .string(id)), ("status_code", .int(500))])
        let mail = try render(String(decoding: JSONValue.object(object).encoded(), as: UTF8.self))
        #expect(mail.text.contains("\nLog: \(address)\n"))
        #expect(mail.html.components(separatedBy: "href=\"").count == 2)
        #expect(mail.html.contains("<a class=\"link\" href=\"\(address)\""))
    }

    @Test(arguments: [
        #"{"status_code":500}"#, #"{"unique_id":"..","status_code":500}"#, #"{"unique_id":".","status_code":500}"#,
        #"{"unique_id":"\#(String(repeating: "x", count: 201))","status_code":500}"#,
        #"{"unique_id":"sk-proj-abcDEF1234567890abcd","status_code":500}"#,
    ])
    func whatIsNoIdMakesNoLink(log: String) throws {
        let mail = try render(log)
        #expect(!mail.text.contains("Log:") && !mail.html.contains("href"))
    }

    @Test func withoutAPatternThereIsNoLink() throws {
        let mail = Composer(templates: .builtin, identity: .test).render(try Sample.notification(Sample.failedLog))
        #expect(!mail.text.contains("Log:") && !mail.html.contains("href"))
    }

    @Test(arguments: [
        ("platform.example.com/{id}", "it begins with neither https:// nor http://"),
        ("javascript:alert({id})", "it begins with neither https:// nor http://"),
        ("https:///{id}", "it has no host"),
        ("https://{id}.example.com/", "`{` cannot stand in the host's name"),
        ("https://me@example.com/{id}", "`@` cannot stand in the host's name"),
        ("https://example.com/{id", "this brace has no end"), ("https://example.com/id}", "this brace closes nothing"),
        ("https://example.com/{cost}", "no fact with a text or a whole number is called `cost`"),
        ("https://example.com/\"{id}", "here stands what no address can hold"),
        ("https://example.com/ü{id}", "here stands what no address can hold"),
        ("https://example.com/logs", "it names no fact, so it would be the same for every event"),
    ])
    func aPatternThatCannotBeUsedIsRefused(pattern: String, message: String) {
        let fault = #expect(throws: LogLinkFault.self) { try LogLink(pattern: pattern) }
        #expect(fault?.message == message)
    }

    @Test(arguments: Hostile.texts)
    func noTextOfAnEventLeavesTheOperatorsHost(text: String) throws {
        let mail = try render(Sample.log(allTexts: text))
        let links = mail.html.components(separatedBy: "href=\"").dropFirst()
        #expect(links.allSatisfy { $0.hasPrefix("https://platform.example.com/logs/") })
        for link in links {
            let address = link.prefix { $0 != "\"" }
            #expect(address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E })
        }
    }
}
