import Events
import Rules
import TestSupport
import Testing

/// Invented figures of one mail agree with each other and with the rule.
struct PreviewTests {
    private static let now = EventMaker.start

    private func preview(_ rule: String, _ reason: NotificationReason = .fired) throws -> Notification.Figures {
        let ruleSet = try EngineRun.ruleSet("rules: [{name: r, notify: a@example.com, \(rule)}]")
        let body =
            #"{"unique_id": "e", "status_code": 500, "model": "m", "customer_identifier": "acme", "cost": 0.005}"#
        let event = EventMaker.logged(try EventMaker.events(body, receivedAt: Self.now)[0], id: 1)
        return ruleSet.rules[0].preview(of: event, reason: reason, at: Self.now).figures
    }

    @Test(arguments: [
        "at_least: 5", "above: 12", "at_most: 5", "below: 3", "above: 0",
    ]) func aBreakdownHasAsManyMatchesAsWereCounted(threshold: String) throws {
        let figures = try preview("when: failed, count: {\(threshold), within: 10m}")
        let window = try #require(figures.window)
        let breakdown = try #require(figures.breakdown)
        #expect(window.value == Double(breakdown.total.count) && window.samples == breakdown.total.count)
        #expect(window.trend.reduce(0, +) == window.value)
        #expect(breakdown.rankings.allSatisfy { $0.parts.allSatisfy { $0.amount == breakdown.total } })
    }

    @Test func nothingIsBrokenDownWhereNothingCame() throws {
        #expect(try preview("count: {below: 1, within: 10m}").breakdown == nil)
    }

    @Test func aBreakdownCostsWhatWasSpent() throws {
        let sum = try preview("sum: {of: cost, above: 10, within: 1h}")
        #expect(sum.breakdown?.total.cost == 14 && sum.window?.value == 14 && sum.breakdown?.isByCost == true)
        #expect(sum.breakdown?.total.count == sum.window?.samples)
        let budget = try preview("budget: {of: cost, limit: 300, period: month}")
        #expect(budget.window?.budget?.spent == 240 && budget.breakdown?.total.cost == 240)
        #expect(budget.window?.budget?.burn != nil && budget.window?.budget?.endsAt != nil)
        let change = try preview("change: {of: sum(cost), above: 3x, within: 1h, against: 1d}")
        #expect(change.breakdown?.total.cost == change.window?.trend.reduce(0, +))
    }

    @Test func aShareIsOfTheEventsItIsMeasuredOver() throws {
        let figures = try preview("when: failed, ratio: {above: 5%, within: 10m}")
        let window = try #require(figures.window)
        let share = Double(try #require(figures.breakdown).total.count) / Double(window.samples)
        #expect(abs(share - (window.value ?? 0)) < 0.01)
    }

    @Test(arguments: [
        ("count: {at_least: 5, within: 10m}, recover: {below: 2}", 1.0),
        ("count: {at_least: 5, within: 10m}, recover: {at_most: 2}", 2.0),
        ("count: {at_least: 5, within: 10m}", 3.0), ("count: {below: 5, within: 10m}", 6.0),
        ("count: {below: 5, within: 10m}, recover: {at_least: 8}", 8.0),
        ("max: {of: cost, above: 10, within: 1h}, recover: {below: 5}", 3.0),
    ]) func theEndOfAnAlertShowsAValueThatEndsIt(rule: String, value: Double) throws {
        let window = try #require(try preview(rule, .recovered).window)
        #expect(window.value == value)
        let fired = try #require(try preview(rule).window?.value)
        let peak = try #require(window.peak)
        #expect(fired > value ? peak > fired : peak < fired, "the peak lies beyond the alert's first value")
    }

    @Test func aDigestBreaksDownWhatItSums() throws {
        let figures = try preview("when: failed, digest: every 1h", .digest)
        #expect(figures.breakdown?.total.count == figures.summary?.count)
        #expect(figures.breakdown?.span == .seconds(8 * 3_600))
    }
}
