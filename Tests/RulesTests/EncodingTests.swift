import Events
import Rules
import TestSupport
import Testing

/// What the store keeps reads back as what it was.
@Suite struct EncodingTests {
    private func notification(facts: Facts, recipients: Int = 2, text: String = "status_code >= 500\nand \"é\"")
        -> Notification
    {
        Notification(
            id: "1042-3", rule: "failed \u{1F4A5} calls", group: "acme", reason: .matched, severity: .urgent,
            at: EngineRun.time(1),
            recipients: (0..<recipients).map { "\($0)\(String(repeating: "x", count: 240))@example.com" },
            template: "own", subject: "{{rule}}: \"now\"", holdsThrottleSlot: true,
            figures: Notification.Figures(
                event: 77, facts: facts, condition: text,
                deciding: [Notification.DecidingValue(name: "status_code", value: "500")], heldBack: 3,
                heldBackSince: EngineRun.time(0), throttle: "1 per 15m", nextMailAt: EngineRun.time(900)
            )
        )
    }

    /// Whatever rules `check` accepts can be written into the log, also where JSON marks every sign.
    @Test func theTextOfAnyRuleSetFitsIntoTheLog() {
        let text = String(repeating: "\"", count: RuleSet.textBytesMax)
        let hash = String(repeating: "f", count: 64)
        let payload = LogEntry.Change.ruleSet(hash: hash, text: text).payload
        #expect(payload.count <= LogEntry.Change.payloadBytesMax)
    }

    @Test func aNotificationReadsBack() throws {
        let facts = try EventMaker.event("e").facts
        let original = notification(facts: facts)
        let bytes = original.encoded()
        let read = try Notification(decoding: bytes)
        #expect(read.encoded() == bytes && read.id == original.id && read.group == "acme" && read.at == original.at)
        #expect(read.figures.facts == facts && read.figures.deciding == original.figures.deciding)
        #expect(read.figures.heldBack == 3 && read.figures.heldBackSince == EngineRun.time(0))
        #expect(read.figures.nextMailAt == EngineRun.time(900) && read.recipients == original.recipients)

        let bare = Notification(
            id: "1-0", rule: "r", group: nil, reason: .matched, severity: .low, at: EngineRun.time(0), recipients: [],
            template: nil, subject: nil, holdsThrottleSlot: false,
            figures: Notification.Figures(
                event: 1, facts: facts, condition: nil, deciding: [], heldBack: 0, heldBackSince: nil, throttle: nil,
                nextMailAt: nil
            )
        )
        let back = try Notification(decoding: bare.encoded())
        #expect(back.group == nil && back.template == nil && back.figures.condition == nil)
        #expect(back.figures.throttle == nil && back.figures.nextMailAt == nil && back.encoded() == bare.encoded())
    }

    @Test func theLargestNotificationFits() throws {
        let padding = (0..<400).map { #""key\#($0)":"\#(String(repeating: "\\u0001é", count: 40))""# }.joined(
            separator: ",")
        let facts = try EventMaker.events(#"{"id":"1","status_code":500,"metadata":{\#(padding)}}"#)[0].facts
        let largest = Notification(
            id: "\(Int64.max)-9999", rule: String(repeating: "r", count: Rule.nameBytesMax), group: nil,
            reason: .matched,
            severity: .medium, at: EngineRun.time(0),
            recipients: (0..<Rule.recipientsMax).map { "\($0)\(String(repeating: "x", count: 240))@example.com" },
            template: nil, subject: String(repeating: "\"", count: Rule.subjectBytesMax), holdsThrottleSlot: true,
            figures: Notification.Figures(
                event: .max, facts: facts, condition: String(repeating: "\"", count: Notification.conditionBytesMax),
                deciding: (0..<Notification.valuesMax).map {
                    .init(
                        name: "name_of_a_fact_\($0)", value: String(repeating: "𝕏", count: Notification.valueScalarsMax)
                    )
                },
                heldBack: .max, heldBackSince: EngineRun.time(0), throttle: "10000 per 366d",
                nextMailAt: EngineRun.time(0)
            )
        )
        let bytes = largest.encoded()
        #expect(bytes.count <= Notification.encodedBytesMax, "\(bytes.count)")
        #expect(try Notification(decoding: bytes).encoded() == bytes)
    }

    @Test func whatIsNoNotificationIsRefused() throws {
        let good = notification(facts: try EventMaker.event("e").facts).encoded()
        let text = String(decoding: good, as: UTF8.self)
        for member in [
            "id", "rule", "reason", "severity", "at", "recipients", "holds_slot", "deciding", "facts",
        ] {
            let broken = text.replacing("\"\(member)\":", with: "\"x\":", maxReplacements: 1)
            #expect(throws: JSONFault.self) { try Notification(decoding: Array(broken.utf8)) }
        }
        for text in ["", "[]", "{", "null"] {
            #expect(throws: JSONFault.self) { try Notification(decoding: Array(text.utf8)) }
        }
        let long = [UInt8](repeating: 0x20, count: Notification.encodedBytesMax) + good
        #expect(throws: JSONFault.self) { try Notification(decoding: long) }
    }

    @Test func everyChangeReadsBack() throws {
        let event = try EventMaker.event("e")
        let silence = try Silence.make(
            id: "abc234", condition: #"rule == "é""#, until: EventMaker.start.advanced(by: .seconds(5)), author: "ann",
            reason: "\"why\"",
            at: EventMaker.start)
        let changes: [LogEntry.Change] = [
            .operatorAction(.cancel(delivery: 3)), .operatorAction(.silenceAdded(silence)),
            .operatorAction(.silenceEnded(id: "abc234")),
            .event(EventMaker.logged(event, id: 7, isRevision: true)), .ruleSet(hash: "abc", text: "{\"rules\":[]}"),
            .notificationEnded(NotificationEnd(notification: "1-0", rule: "r \"é\"", outcome: .cancelled)),
            .operatorAction(.retry(delivery: 12)), .clock,
            .clockStep(by: .seconds(3_600)), .clockStep(by: .microseconds(-61_000_001)),
        ]
        for change in changes {
            let read = try LogEntry.Change(kind: change.kind, payload: change.payload)
            #expect(read.kind == change.kind && read.payload == change.payload)
        }
        guard case .event(let read) = try LogEntry.Change(kind: "event", payload: changes[3].payload) else {
            Issue.record("no event")
            return
        }
        #expect(read.id == 7 && read.key == event.key && read.isRevision && read.facts == event.facts)
        #expect(Set(changes.map(\.kind)).count == 6)
    }

    @Test func whatIsNoChangeIsRefused() {
        for (kind, payload) in [
            ("event", "{}"), ("rule_set", "{\"hash\":1}"),
            ("notification_ended", "{\"notification\":\"1\",\"rule\":\"r\",\"outcome\":\"x\"}"),
            ("operator_action", "[]"), ("silence", "{}"), ("clock", ""), ("clock_step", "{}"),
        ] {
            #expect(throws: JSONFault.self) { try LogEntry.Change(kind: kind, payload: Array(payload.utf8)) }
        }
    }
}
