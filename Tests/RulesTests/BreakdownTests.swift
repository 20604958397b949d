import Events
import Rules
import TestSupport
import Testing

/// Where the matches behind an alert come from.
struct BreakdownTests {
    private static let at = EventMaker.start

    private func event(
        _ id: Int64, at seconds: Double, model: String? = "gpt-4o", customer: String = "acme", status: Int = 500,
        error: String = "upstream said no", cost: Double = 0.25
    ) throws -> LoggedEvent {
        var object = JSONObject([
            ("unique_id", .string("e\(id)")), ("status_code", .int(Int64(status))),
            ("customer_identifier", .string(customer)), ("cost", .double(cost)),
        ])
        object["model"] = model.map { .string($0) }
        if status >= 400 { object["error_message"] = .string(error) }
        let received = Self.at.advanced(by: .microseconds(Int64(seconds * 1_000_000)))
        let body = String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
        return EventMaker.logged(try EventMaker.events(body, receivedAt: received)[0], id: id)
    }

    /// The rule's alert at `at`, and the breakdown of `events`.
    private func breakdown(
        _ rule: String, _ events: [LoggedEvent], reason: NotificationReason = .fired, knowsBefore: Bool = true
    ) throws -> Breakdown? {
        let ruleSet = try EngineRun.ruleSet("rules: [{name: r, notify: a@example.com, \(rule)}]")
        let newest = try #require(events.last)
        let notification = ruleSet.rules[0].preview(of: newest, reason: reason, at: Self.at)
        guard var gatherer = BreakdownGatherer(notification, of: ruleSet.rules[0]) else { return nil }
        for event in events.reversed() { gatherer.take(event) }
        return gatherer.breakdown(knowsBefore: knowsBefore, isPartial: false) { "<\($0)>" }
    }

    private func values(_ breakdown: Breakdown, _ fact: Fact) -> [String?] {
        breakdown.rankings.first { $0.fact == fact }?.parts.map(\.value) ?? []
    }

    @Test func matchesOfTheWindowAreRankedAndComparedWithTheWindowBefore() throws {
        let events = [
            try event(1, at: -1_200), try event(2, at: -900), try event(3, at: -700, model: "claude"),
            try event(4, at: -600), try event(5, at: -599, model: nil), try event(6, at: -300, customer: "globex"),
            try event(7, at: -200, status: 200), try event(8, at: -100), try event(9, at: 0),
        ]
        let found = try #require(
            try breakdown("when: failed, count: {at_least: 2, within: 10m}", events))
        #expect(!found.isByCost && found.total == .init(count: 4, cost: 1) && found.span == .seconds(600))
        #expect(values(found, .model) == ["gpt-4o", nil] && values(found, .customerIdentifier) == ["acme", "globex"])
        let model = try #require(found.rankings.first { $0.fact == .model }?.parts.first)
        // (now - 20m, now - 10m]: the one at -1,200 s has left it, the one at -600 s stands in it.
        #expect(model.amount == .init(count: 3, cost: 0.75) && model.before == .init(count: 2, cost: 0.5))
        #expect(!found.rankings.contains { $0.fact == .promptName })
    }

    /// The digest's own minutes are compared, whenever in them the first match came; the first one is always counted.
    @Test(arguments: [0.0, 11.25, 59.9]) func aDigestTellsOfItsWholePeriod(first: Double) throws {
        let ruleSet = try EngineRun.ruleSet(
            "rules: [{name: r, when: failed, notify: a@example.com, digest: every 1m}]")
        var run = try EngineRun(ruleSet)
        // Three events came before, which the rule does not know.
        for at in [-60, -59, -0.5] { run.feed(.clock, at: at) }
        for at in [first, first, 59.95] { run.event(at: at) }
        let notification = try #require(run.feed(.clock, at: 61.5).notifications.first)
        #expect(notification.figures.summary?.count == 3)
        var gatherer = try #require(BreakdownGatherer(notification, of: ruleSet.rules[0]))
        #expect(gatherer.start == Self.at.advanced(by: .seconds(-60)) && gatherer.middle == Self.at)
        let events = [
            try event(1, at: -60), try event(2, at: -59), try event(3, at: -0.5), try event(4, at: first),
            try event(5, at: first), try event(6, at: 59.95),
        ]
        for event in events.reversed() { gatherer.take(event) }
        let found = try #require(gatherer.breakdown(knowsBefore: true, isPartial: false) { $0 })
        #expect(found.total.count == 3 && found.span == .seconds(60))
        #expect(found.rankings.first?.parts.first?.before?.count == 2)
    }

    /// Digests that come two seconds late, with the event that brings them.
    @Test func aMatchIsCountedInTheDigestThatTellsOfItAndInNoOther() throws {
        let ruleSet = try EngineRun.ruleSet("rules: [{name: r, notify: a@example.com, digest: every 15m}]")
        var run = try EngineRun(ruleSet)
        run.restoresAtEveryEntry = true
        var events: [LoggedEvent] = []
        var mails: [Notification] = []
        for at in [60, 902, 1_000, 1_802, 1_900] {
            events.append(try event(run.position + 1, at: Double(at)))
            mails += run.event(at: Double(at)).notifications
        }
        mails += run.feed(.clock, at: 2_702).notifications
        #expect(mails.map(\.figures.summary?.count) == [2, 2, 1])
        var totals: [Int?] = []
        var before: [Int?] = []
        for mail in mails {
            var gatherer = try #require(BreakdownGatherer(mail, of: ruleSet.rules[0]))
            for event in events.reversed() { gatherer.take(event) }
            let found = gatherer.breakdown(knowsBefore: true, isPartial: false) { $0 }
            totals.append(found?.total.count)
            before.append(found?.rankings.first?.parts.first?.before?.count)
        }
        #expect(totals == [2, 2, 1])
        #expect(before == [0, 1, 2], "of the quarter of an hour before, without what the digest before told late")
    }

    @Test func theSpanBeforeIsLeftOutWhereItIsNotKnown() throws {
        let found = try #require(
            try breakdown(
                "when: failed, count: {at_least: 2, within: 10m}", [try event(1, at: -900), try event(2, at: 0)],
                knowsBefore: false))
        #expect(found.rankings.allSatisfy { $0.parts.allSatisfy { $0.before == nil } })
    }

    @Test func spendingIsRankedByCost() throws {
        let events = [
            try event(1, at: -30, model: "small", cost: 0.1), try event(2, at: -20, model: "small", cost: 0.1),
            try event(3, at: -10, model: "large", cost: 9),
        ]
        for window in ["sum: {of: cost, above: 1, within: 1h}", "budget: {of: cost, limit: 5, period: month}"] {
            let found = try #require(try breakdown(window, events))
            #expect(found.isByCost && values(found, .model) == ["large", "small"])
        }
        let counted = try #require(try breakdown("count: {at_least: 2, within: 1h}", events))
        #expect(!counted.isByCost && values(counted, .model) == ["small", "large"])
    }

    @Test func onlyTheAlertsOwnGroupCountsAndItsFieldIsNotRanked() throws {
        let events = [
            try event(1, at: -30, customer: "globex"), try event(2, at: -20), try event(3, at: -10, customer: "acme"),
        ]
        let found = try #require(
            try breakdown("per: [customer_identifier], count: {at_least: 2, within: 1h}", events))
        #expect(found.total.count == 2)
        #expect(found.rankings.map(\.fact) == [.model])
    }

    @Test func failuresAreClusteredByTheFormOfTheirError() throws {
        let events = [
            try event(1, at: -50, error: "user 17 not found"), try event(2, at: -40, error: "user 18 not found"),
            try event(3, at: -30, error: "timed out"), try event(4, at: -20, error: "user 19 not found"),
        ]
        let found = try #require(try breakdown("when: failed, count: {at_least: 2, within: 1h}", events))
        #expect(found.clusters.map(\.count) == [3, 1])
        let first = found.clusters[0]
        #expect(first.event == 4 && first.sample == "<user 19 not found>")
        #expect(first.first == Self.at.advanced(by: .seconds(-50)) && first.last == Self.at.advanced(by: .seconds(-20)))
    }

    @Test func whatNoMatchesStandBehindHasNone() throws {
        let events = [try event(1, at: 0)]
        #expect(try breakdown("absent: {for: 30m}", events) == nil)
        #expect(try breakdown("first_seen: {of: model, forget_after: 30d}", events, reason: .firstSeen) == nil)
        #expect(try breakdown("count: {at_least: 2, within: 1h}", events, reason: .recovered) == nil)
        #expect(try breakdown("when: failed", events, reason: .matched) == nil)
        #expect(try breakdown("when: status_code == 200, count: {at_least: 2, within: 1h}", events) == nil)
    }

    @Test func theStoredFormReadsBackEqualAndStaysSmall() throws {
        let text = String(repeating: "\u{1}\"", count: 300)
        var events: [LoggedEvent] = []
        for number in 1...40 {
            events.append(
                try event(
                    Int64(number), at: Double(number) - 50, model: "m\(number)\(text)", customer: "c\(number)\(text)",
                    error: "\(String(repeating: "ab", count: number)) \(text)"))
        }
        let ruleSet = try EngineRun.ruleSet(
            "rules: [{name: r, when: failed, notify: a@example.com, count: {at_least: 2, within: 1h}}]")
        let found = try #require(try breakdown("when: failed, count: {at_least: 2, within: 1h}", events))
        #expect(found.rankings.allSatisfy { $0.parts.count == Breakdown.partsMax })
        #expect(found.clusters.count <= Breakdown.clustersMax)
        let notification = ruleSet.rules[0].preview(of: try #require(events.last), at: Self.at).showing(found)
        #expect(notification.figures.breakdown == found)
        let read = try Rules.Notification(decoding: notification.encoded())
        #expect(read.figures.breakdown == found && read.encoded() == notification.encoded())
        #expect(notification.encoded().count <= Rules.Notification.encodedBytesMax)
    }
}
