import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

@Suite(.enabled(if: MailOracle.isAvailable)) struct FactAttachmentTests {
    private let now = Timestamp(seconds: 1_795_075_265)

    private func file(_ notification: Rules.Notification, _ format: AttachmentFormat) throws -> (
        type: String, text: String
    ) {
        var figures = notification.figures
        figures.attachment = format
        let wanted = Rules.Notification(
            id: notification.id, rule: "rule / \"x\"", group: nil, reason: notification.reason, severity: .low,
            at: notification.at, recipients: notification.recipients, template: nil, subject: nil,
            holdsThrottleSlot: false, figures: figures)
        let mail = Composer(templates: .builtin, identity: .test).compose(
            wanted, recipient: "ops@example.com", now: now)
        #expect(mail.templateFault == nil)
        #expect(ReadableMessage(mail.message.bytes).text.contains("You get this mail because"))
        let parts = try MailOracle.attachments(mail.message.bytes)
        #expect(parts.count == 1 && parts.first?.defects == 0)
        let part = try #require(parts.first)
        #expect(part.name == "rule----x--\(notification.id).\(format.rawValue)")
        let shown = try #require(ReadableMessage(mail.message.bytes).attachments.first, "`mails show` hides it")
        #expect(shown.name == part.name && shown.type == part.type && shown.bytes >= part.text.utf8.count)
        return (part.type, part.text)
    }

    /// How many rows a text has: line ends inside quotes end none.
    private static func rows(_ csv: String) -> Int {
        var isQuoted = false
        return csv.utf8.reduce(into: 0) { count, byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == 0x0A, !isQuoted { count += 1 }
        }
    }

    @Test func factsGoAsJSON() throws {
        let (type, text) = try file(try Sample.notification(Sample.failedLog), .json)
        let value = try JSONValue.decode(Array(text.utf8))
        #expect(type == "application/json" && value["status_code"]?.int == 429 && value["model"]?.string == "gpt-4o")
    }

    @Test func factsGoAsCSVWithoutFormulasAndKeys() throws {
        let log =
            #"{"status_code":500,"model":"=cmd|' /C calc'!A0","customer_identifier":"a,\"b\"\n","#
            + #""error_message":"bad key sk-0123456789abcdefghijABCDEFGHIJ0123456789","metadata":{"k":[1,"x"]}}"#
        let (type, text) = try file(try Sample.notification(log), .csv)
        #expect(type == "text/csv" && text.contains("'=cmd|' /C calc'!A0") && text.contains("\"a,\"\"b\"\"\n\""))
        #expect(!text.contains("sk-0123") && text.contains("\"{\"\"k\"\":[1,\"\"x\"\"]}\""))
        #expect(text.components(separatedBy: "\r\n").count == 3)
    }

    @Test func linesOfASummaryGoAsRows() throws {
        let make = try #require(AlertSample.cases.first { $0.key.hasPrefix("digest") }?.value)
        let digest = try make()
        let lines = try #require(digest.figures.summary?.lines.count)
        let (_, csv) = try file(digest, .csv)
        #expect(csv.hasPrefix("rule,group,reason,") && Self.rows(csv) == lines + 1, "\(csv)")
        let (_, json) = try file(digest, .json)
        let rows = try JSONValue.decode(Array(json.utf8)).array
        #expect(rows?.count == lines)
    }
}
