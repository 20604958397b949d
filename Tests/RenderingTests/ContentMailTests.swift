import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// What mails show of an event's content, and what no mail ever shows.
struct ContentMailTests {
    private let composer = Composer(templates: .builtin, identity: .test)

    private func excerpt(_ text: String, recipients: Int = 1) throws -> ShownContent.Excerpt {
        var object = JSONObject()
        object["input"] = .string(text)
        let log = String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
        let notification = try Sample.notification(log, content: ["prompt"])
        return try #require(notification.figures.content?.excerpts.first)
    }

    @Test(arguments: ["failed", "single", "plain"])
    func aBlockOfContentSaysThatItIsNotOurs(template: String) throws {
        let mail = composer.render(
            try Sample.notification(Sample.conversation, template: template, content: ["prompt", "metadata.note"]))
        for part in [mail.text, mail.html] {
            #expect(part.contains("Prompt, as it came with the event (not written by us):"))
            #expect(part.contains("Metadata › note, as it came with the event (not written by us):"))
            #expect(part.contains("Be brief.") && part.contains("seen at 10:00"))
        }
        for line in mail.text.split(separator: "\n") where line.contains("seen at 10:00") {
            #expect(line.hasPrefix("  | "), "every line of an event's text is marked")
        }
    }

    @Test func withoutContentNothingAnybodyTypedIsInAMail() throws {
        let fields = [
            "prompt_messages", "messages", "input", "prompt", "input_text", "completion_message", "completion_messages",
            "output", "completion", "output_text", "variables", "full_request", "full_response", "tool_calls", "tools",
            "request_body", "response_body", "system_prompt", "text", "content",
        ]
        let members = fields.map { #""\#($0)":"CANARY-\#($0)""# } + [#""metadata":{"note":"CANARY-metadata"}"#]
        let log =
            #"{"status_code":500,"model":"m","customer_email":"CANARY@example.com",\#(members.joined(separator: ","))}"#
        for template in [nil, "single", "plain"] {
            let mail = composer.compose(
                try Sample.notification(log, template: template), recipient: "ops@example.com",
                now: Timestamp(seconds: 1))
            #expect(!String(decoding: mail.message.bytes, as: UTF8.self).contains("CANARY"))
        }
    }

    /// Members that hold credentials, in every place where content may hold one, with all content asked for.
    @Test func credentialsAreInNoMailWhateverTheRuleLists() throws {
        let secret = #"{"api_key":"CANARY1","X-Api-Key":"CANARY2","a":[{"credential_override":{"k":"CANARY3"}}]}"#
        let encoded = String(decoding: JSONValue.string(secret).encoded(), as: UTF8.self)
        let twice = String(
            decoding: JSONValue.string(#"{"b":\#(encoded)}"#).encoded(), as: UTF8.self)
        let log = #"""
            {"status_code":500,"variables":\#(secret),"full_request":\#(encoded),"full_response":{"inner":\#(twice)},
            "metadata":{"authorization":"CANARY4","note":\#(encoded)},"output":\#(encoded),
            "tool_calls":[{"function":{"name":"f","arguments":\#(encoded)}}],
            "prompt_messages":[{"role":"user","content":\#(secret)},{"role":"user","content":[{"x":\#(encoded)}]}]}
            """#
        let all = ContentPath.Field.allCases.filter { !$0.needsMembers }.map(\.rawValue) + ["metadata.note"]
        let notification = try Sample.notification(log, content: Array(all.suffix(8)))
        let mail = composer.render(notification)
        #expect(!(mail.text + mail.html + mail.subject).contains("CANARY"))
        let excerpts = try #require(notification.figures.content?.excerpts)
        #expect(excerpts.count == 8 && excerpts.allSatisfy { !$0.text.contains("CANARY") })
        #expect(mail.text.contains("[removed]"))
        let below = ["event.variables", "event.metadata", "event.full_request", "event.full_response.inner"]
        let other = composer.render(try Sample.notification(log, content: below))
        #expect(!(other.text + other.html).contains("CANARY") && other.text.contains("[removed]"))
    }

    @Test func whatIsRemovedIsRemovedBeforeItIsStored() throws {
        let notification = try Sample.notification(Sample.conversation, content: ["prompt", "full_response"])
        let stored = String(decoding: notification.encoded(), as: UTF8.self)
        for secret in ["CANARY", "jo.doe@example", "4111"] { #expect(!stored.contains(secret)) }
        for name in ["[e-mail address]", "[card number]", "[key]", "[image]", "[removed]"] {
            #expect(stored.contains(name), "\(name)")
        }
    }

    @Test func longTextsAreCutAndSaySo() throws {
        let cut = try excerpt(String(repeating: "a", count: 5_000))
        #expect(cut.text.count == ShownContent.excerptScalarsMax && cut.scalarsLeft == 3_000)
        let lines = try excerpt(String(repeating: "a\n", count: 100))
        #expect(lines.text.split(separator: "\n").count <= ShownContent.excerptLinesMax && lines.scalarsLeft > 0)
        let whole = try excerpt(String(repeating: "é", count: ShownContent.excerptScalarsMax))
        #expect(whole.scalarsLeft == 0)
        var object = JSONObject()
        object["input"] = .string(String(repeating: "a", count: 3_234))
        let log = String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
        #expect(
            composer.render(try Sample.notification(log, content: ["prompt"])).text.contains(
                "[… 1,234 more characters]"))
    }

    /// A secret that stands across the end of what is shown, or of what is looked at, has lost its form there.
    @Test(arguments: [1_980, 1_995, 2_000, 32_700, 32_750, 32_768])
    func noCutLeavesHalfASecret(before: Int) throws {
        for secret in ["sk-CANARYabcdef0123456789", "CANARY.name@example.com", "4111 1111 1111 1111"] {
            let filler = String(repeating: "x ", count: before).prefix(before)
            let text = "\(filler) \(secret) tail " + String(repeating: "y ", count: 30_000)
            let shown = try excerpt(text).text
            #expect(!shown.contains("CANARY") && !shown.contains("4111"))
            // A key of 31,000 characters takes up nearly all that is looked at: its rest must not come into view.
            let removed = "sk-" + String(repeating: "Ab1", count: (before - 200) / 3) + " "
            let rest = try excerpt(
                removed + String(repeating: "z ", count: 60) + "\(secret) " + String(repeating: "y ", count: 30_000))
            #expect(!rest.text.contains("CANARY") && !rest.text.contains("4111"))
        }
    }

    @Test func aLongConversationShowsItsLastMessages() throws {
        let long = String(repeating: "s", count: 1_900)
        let log =
            #"{"prompt_messages":[{"role":"system","content":"\#(long)"},{"role":"user","content":"first"},"#
            + #"{"role":"assistant","content":"\#(String(repeating: "b", count: 300))"},"#
            + #"{"role":"user","content":"last"}]}"#
        let mail = composer.render(try Sample.notification(log, subject: "{{prompt}}", content: ["prompt"]))
        #expect(mail.text.contains("  | [… 1 earlier message]\n  | user: first\n"))
        #expect(mail.subject == "[medium] failed-calls: last")
    }

    @Test func aSubjectShowsContentOnlyWhenTheRuleListsItAndCutsIt() throws {
        #expect(TemplateSet.faults(inSubject: "{{prompt}}", of: "r").count == 1)
        #expect(TemplateSet.faults(inSubject: "{{prompt}}", of: "r", content: [ContentPath(.prompt)]).isEmpty)
        #expect(TemplateSet.faults(inSubject: "{{prompt}}", of: "r", content: [ContentPath(.completion)]).count == 1)
        let log = #"{"status_code":500,"model":"m","input":"jo@example.com \#(String(repeating: "w ", count: 200))"}"#
        let named = composer.render(try Sample.notification(log, subject: "{{prompt}}", content: ["prompt"])).subject
        #expect(named.hasPrefix("[medium] failed-calls: text from the event: [e-mail address] w w"))
        #expect(named.unicodeScalars.count <= "[medium] failed-calls: ".count + 81)
        #expect(!composer.render(try Sample.notification(log, content: ["prompt"])).subject.contains("w w"))
    }

    @Test func theLargestContentFitsTheNotification() throws {
        let text = String(repeating: "\"\\\u{1}漢", count: 1_500)
        var object = JSONObject()
        for name in [
            "prompt", "completion", "full_request", "full_response", "error_message", "model", "custom_identifier",
        ] {
            object[name] = .string(text)
        }
        object["variables"] = .object(JSONObject((0..<4).map { ("v\($0)", .string(text)) }))
        let log = String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
        let paths = ["prompt", "completion", "full_request", "full_response"] + (0..<4).map { "variables.v\($0)" }
        let notification = try Sample.notification(
            log, condition: String(repeating: "\"", count: Notification.conditionBytesMax), content: paths)
        let bytes = notification.encoded()
        #expect(bytes.count <= Notification.encodedBytesMax)
        let content = try #require(notification.figures.content)
        #expect(content.excerpts.count == 8 && content.excerpts.allSatisfy { !$0.text.isEmpty && $0.scalarsLeft > 0 })
        #expect(try Notification(decoding: bytes).figures.content == content)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: Timestamp(seconds: 1))
        #expect(mail.templateFault == nil)
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["\u{200B}", "a.bc ", "[{", "a@b.cc "])
    func aHostileMegabyteIsOneMail(piece: String) throws {
        let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        let notification = try Sample.notification(
            #"{"status_code":500,"input":\#(String(decoding: JSONValue.string(text).encoded(), as: UTF8.self))}"#,
            content: ["prompt"])
        #expect(notification.encoded().count <= Notification.encodedBytesMax)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: Timestamp(seconds: 1))
        #expect(mail.message.bytes.count < 256 << 10)
    }
}
