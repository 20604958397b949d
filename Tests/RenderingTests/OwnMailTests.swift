import Events
import Foundation
import Mail
import Rendering
import Testing

/// Mails about Hookmail itself: what they look like is held by the golden ones.
struct OwnMailTests {
    private let now = Timestamp(seconds: 1_795_075_265)

    private func composer(_ overrides: [String: String] = [:]) throws -> Composer {
        Composer(templates: try TemplateSet.load(overrides: overrides), identity: .test)
    }

    @Test(arguments: OwnSample.all.keys.sorted())
    func theyAreWholeMails(name: String) throws {
        let own = try #require(OwnSample.all[name])
        let composed = try composer().compose(own, to: try Address(parsing: "ops@example.com"), now: now)
        #expect(composed.templateFault == nil && MessageFault.first(in: composed.message.bytes) == nil)
        let text = String(decoding: composed.message.bytes, as: UTF8.self)
        #expect(text.contains("\r\nAuto-Submitted: auto-generated\r\n") && text.contains("\r\nList-Id:"))
        let mail = try composer().render(own)
        #expect(mail.text.contains(own.happened) && mail.subject == own.subject && !mail.subject.contains("\n"))
        // A rule's name is the operator's own, and all the same no HTML.
        #expect(!mail.html.contains("<b>slow"))
    }

    @Test func theirTemplatesMayBeReplaced() throws {
        let mail = try composer(["own.test.text": "T {{happened}} {{advice}}", "own.test.html": "<p>{{why}}</p>"])
            .render(try #require(OwnSample.all["own-test"]))
        #expect(mail.text.hasPrefix("T This is a test.") && mail.html.hasPrefix("<p>You get this mail because"))
        let notes = "{{#notes}}{{note_title}}|{{#note_detail}}{{note_detail}}{{/note_detail}}\n{{/notes}}"
        let own = try composer(["own.trouble.text": notes, "own.trouble.html": notes]).render(OwnSample.trouble)
        #expect(
            own.html.contains("A rule") == false && own.html.contains("Events are stored and not evaluated|The log"))
    }

    @Test func aNameOfNoSuchMailIsAFault() throws {
        let faults = #expect(throws: TemplateFaults.self) {
            try composer(["own.other.text": "x", "own.other.html": "x"])
        }
        #expect(faults?.description.contains("no mail of Hookmail's own is called so") == true)
        for kind in OwnMail.Kind.allCases { #expect(!TemplateSet.builtin.names.contains(kind.rawValue)) }
    }

    @Test func aTemplateThatComesToNothingIsReplaced() throws {
        let broken = try composer(["own.trouble.text": "{{#failed}}x{{/failed}}", "own.trouble.html": "<p></p>"])
        let composed = broken.compose(OwnSample.trouble, to: try Address(parsing: "ops@example.com"), now: now)
        #expect(composed.templateFault?.contains("own.trouble.text") == true)
        let text = ReadableMessage(composed.message.bytes).text
        #expect(text.contains("Mails have waited") && text.contains("You get this mail because"))
    }

    @Test func aReportNamesWhatStandsOut() throws {
        let health = RuleHealth(
            from: now.advanced(by: .seconds(-7 * 86_400)), to: now,
            lines: [
                .init(rule: "noisy", notified: 71, suppressed: 0, faulted: 0),
                .init(rule: "busy", notified: 70, suppressed: 5, faulted: 0),
                .init(rule: "muted", notified: 0, suppressed: 1, faulted: 0),
                .init(rule: "faulty", notified: 2, suppressed: 0, faulted: 1),
                .init(rule: "silent", notified: 0, suppressed: 0, faulted: 0),
            ], deadMails: 0, refusedAddresses: 0)
        #expect(health.noisy.map(\.rule) == ["noisy"] && health.mute.map(\.rule) == ["muted"])
        #expect(health.faulty.map(\.rule) == ["faulty"] && health.silent.map(\.rule) == ["silent"])
        let mail = OwnMail.report(health, host: "m", at: now)
        #expect(mail.headline == "rules of Hookmail: 4 to look at" && mail.notes.count == 4)
    }

    @Test func manyTroublesAreCut() {
        let many = (0..<30).map { number in
            TimedTrouble(
                .faultyRule("rule \(number)", faults: 10, events: 10, within: .seconds(3_600)), since: now)
        }
        let mail = OwnMail.trouble(many, host: "", at: now)
        #expect(mail.notes.count == OwnMail.troublesMax + 1 && mail.notes.last?.title == "10 more")
        #expect(mail.facts.isEmpty)
    }
}
