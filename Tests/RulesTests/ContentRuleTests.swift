import Events
import Expressions
import Rules
import TestSupport
import Testing

/// `content:` in rules, in decisions and in what is stored.
@Suite struct ContentRuleTests {
    private static let rules =
        "rules: [{name: with, notify: a@example.com, content: [input, variables.a]}, {name: no, notify: a@example.com}]"

    @Test func aWholeEventIsMoreThanAMailShows() throws {
        #expect(throws: ContentPath.Fault.needsMembers(.event)) { try ContentPath(parsing: "event") }
        #expect(try ContentPath(parsing: "event.issue.title").name == "event.issue.title")
        let fault = #expect(throws: Diagnostics.self) {
            try EngineRun.ruleSet("rules: [{name: r, notify: a@example.com, content: event}]")
        }
        #expect(fault?.rendered().contains("'event' alone would be the whole event") == true)
    }

    @Test func aDecisionAsksForContentAndReadsNone() throws {
        var run = try EngineRun(try EngineRun.ruleSet(Self.rules))
        let made = run.event(at: 1).notifications
        #expect(made.map { $0.awaitedContent.map(\.name) } == [["prompt", "variables.a"], []])
        #expect(made[1].figures.content == nil && made[0].figures.content?.body == .awaited)
        #expect(made[0].figures.content?.absent == [])
    }

    @Test func contentIsAPartOfTheNormalTextAndNotOfTheState() throws {
        let with = try EngineRun.ruleSet(Self.rules)
        let again = try EngineRun.ruleSet(with.text)
        #expect(again.hash == with.hash && again.rules[0].content == with.rules[0].content)
        let without = try EngineRun.ruleSet("rules: [{name: with, notify: a@example.com}]")
        #expect(without.rules[0].stateHash == with.rules[0].stateHash && without.hash != with.hash)
    }

    @Test func aNotificationWrittenBeforeThereWasContentReads() throws {
        var run = try EngineRun(try EngineRun.ruleSet(Self.rules))
        let made = run.event(at: 1).notifications
        let old = String(decoding: made[1].encoded(), as: UTF8.self)
        #expect(!old.contains("content"))
        #expect(try Notification(decoding: Array(old.utf8)).figures.content == nil)
        let new = made[0].showing(
            ShownContent(
                wanted: made[0].awaitedContent, body: .read,
                excerpts: [.init(path: ContentPath(.prompt), text: "x", scalarsLeft: 0)]))
        let read = try Notification(decoding: new.encoded())
        #expect(read.figures.content == new.figures.content && read.awaitedContent.isEmpty)
        #expect(read.figures.content?.absent.map(\.name) == ["variables.a"])
        #expect(read.encoded() == new.encoded())
    }

    @Test func aPreviewIsMadeWhateverTheConditionSays() throws {
        let set = try EngineRun.ruleSet(
            "rules: [{name: r, when: cost > 100, notify: a@example.com, at_most: 1 per 1h, content: [prompt]}]")
        let event = EventMaker.logged(try EventMaker.event("e"), id: 9)
        let preview = set.rules[0].preview(of: event, at: EngineRun.time(5))
        #expect(preview.figures.event == 9 && preview.figures.deciding == [.init(name: "cost", value: "0.25")])
        #expect(!preview.holdsThrottleSlot && preview.awaitedContent == [ContentPath(.prompt)])
    }
}
