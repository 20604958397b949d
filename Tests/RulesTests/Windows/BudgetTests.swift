import Events
import Rules
import Testing

/// Budgets with figures that can be checked by hand.
@Suite struct BudgetTests {
    @Test func theWindowsAreThoseOfTheWorkbook() {
        let month = BudgetShape(limit: 300, period: .month, burn: [1, 14.4, 6])
        #expect(month.burn == [14.4, 6, 1])
        #expect(month.burnWindows.map(\.long) == [.seconds(3_600), .seconds(21_600), .seconds(259_200)])
        #expect(month.burnWindows.map(\.short) == [.seconds(300), .seconds(1_800), .seconds(21_600)])
        let day = BudgetShape(limit: 10, period: .day)
        #expect(day.burnWindows.map(\.long) == [.seconds(120), .seconds(720), .seconds(8_640)])
        let week = BudgetShape(limit: 10, period: .week, burn: [10, 3])
        #expect(week.burnWindows.map(\.long.components.seconds) == [1_209, 10_080])
    }

    @Test(arguments: [
        ("2026-11-26T14:22:18Z", BudgetShape.Period.day, "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"),
        ("2026-11-26T00:00:00Z", .day, "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"),
        ("2026-11-26T14:22:18Z", .week, "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
        ("2026-11-30T00:00:00Z", .week, "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"),
        ("2026-12-31T23:59:59Z", .month, "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2028-02-29T12:00:00Z", .month, "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("1969-12-31T23:59:59Z", .month, "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"),
    ]) func aPeriodIsOfTheCalendar(
        now: String, period: BudgetShape.Period, from: String, to: String
    ) throws {
        let bounds = period.bounds(at: try #require(Timestamp(rfc3339: now)))
        #expect(bounds.lowerBound == Timestamp(rfc3339: from) && bounds.upperBound == Timestamp(rfc3339: to))
    }

    /// A budget of 720 for a month, which is one an hour, and the hour of November from which on it is spent.
    private struct Month {
        let start = Timestamp(rfc3339: "2026-11-01T00:00:00Z") ?? Timestamp(seconds: 0)
        var contents = WindowContents(.budget(BudgetShape(limit: 720, period: .month)))

        func instant(_ hour: Double) -> Timestamp {
            start.advanced(by: .milliseconds(Int64((hour * 3_600_000).rounded())))
        }

        mutating func spend(_ amount: Double, at hour: Double) {
            contents.add(.number(amount), at: instant(hour), now: instant(hour))
        }

        func standing(_ hour: Double) throws -> BudgetStanding {
            try #require(contents.budget(at: instant(hour)))
        }
    }

    @Test func anEvenPaceLastsUntilThePeriodEnds() throws {
        var month = Month()
        for hour in 0..<240 { month.spend(0.95, at: Double(hour) + 0.5) }
        let standing = try month.standing(240)
        #expect(standing.spent == 228 && abs(standing.share - 228.0 / 720) < 1e-12)
        #expect(!standing.isAlerting && standing.endsAt == nil)
        #expect(abs(standing.burns[2].longPace - 0.95) < 1e-12)
        #expect(month.contents.measure(at: month.instant(240)) == WindowMeasure(value: 228.0 / 720, samples: 240))
    }

    @Test func aFastBurnSpeaksUpWhileBothOfItsWindowsBurn() throws {
        var month = Month()
        // A minute costs a quarter: fifteen times the even pace.
        for minute in 1...60 { month.spend(0.25, at: 100 + Double(minute) / 60) }
        let standing = try month.standing(101)
        #expect(standing.burns.map(\.isBurning) == [true, false, false])
        #expect(abs(standing.burns[0].longPace - 15) < 1e-9 && abs(standing.burns[0].shortPace - 15) < 1e-9)
        // 705 are left, and fifteen go in an hour: 47 hours.
        #expect(standing.endsAt.map { abs(($0 - month.instant(148)) / .seconds(1)) < 0.001 } == true)
        // The short window is over after five minutes, the long one still full of it.
        let after = try month.standing(101 + 5.0 / 60)
        #expect(after.burns[0].shortPace == 0 && !after.burns[0].isBurning)
        month.contents.advance(to: month.instant(101))
        #expect(month.contents.nextChange == month.instant(101 + 1.0 / 60))
    }

    @Test func aShortPeakIsNoBurn() throws {
        var month = Month()
        month.spend(10, at: 100)
        #expect(try month.standing(100).burns.map(\.isBurning) == [false, false, false])
        #expect(try month.standing(100).burns[0].shortPace == 120)
    }

    @Test func theLimitItselfSpeaksUpUntilThePeriodEnds() throws {
        var month = Month()
        for day in 0..<24 { month.spend(30, at: Double(day) * 24 + 1) }
        let standing = try month.standing(24 * 24)
        #expect(standing.isSpent && standing.isAlerting && standing.share == 1)
        #expect(standing.endsAt == month.instant(24 * 24))
        month.contents.advance(to: month.instant(24 * 24))
        var changes = 0
        while let change = month.contents.nextChange, change < month.instant(720) {
            month.contents.advance(to: change)
            changes += 1
        }
        #expect(changes == 3 && month.contents.nextChange == month.instant(720))
        let next = try month.standing(720)
        #expect(!next.isAlerting && next.spent == 0 && next.period.lowerBound == month.instant(720))
    }

    @Test func lateSpendingCountsInItsPeriodOnly() throws {
        var month = Month()
        month.spend(1, at: -5)
        month.spend(2, at: 1)
        month.contents.add(.number(4), at: month.instant(-1), now: month.instant(2))
        #expect(try month.standing(2).spent == 2)
        // The windows go on over the turn of the month.
        #expect(abs(try month.standing(2).burns[1].longPace - 6.0 / 6) < 1e-12)
        // Older than any window, and still this month's.
        month.contents.add(.number(8), at: month.instant(3), now: month.instant(300))
        #expect(try month.standing(300).spent == 10)
        #expect(try month.standing(300).burns.allSatisfy { $0.longPace == 0 })
    }

    @Test func aClockSetBackForgivesNothing() throws {
        var month = Month()
        month.spend(50, at: 1)
        month.contents.shift(by: .seconds(-7_200))
        #expect(try month.standing(-1).spent == 50)
    }

    @Test func otherShapesHaveNoBudget() {
        #expect(WindowContents(.sum(within: .seconds(60))).budget(at: time(0)) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func aBusyBudgetStaysSmall() throws {
        var month = Month()
        for event in 0..<40_000 { month.spend(0.01, at: Double(event) / 600) }
        let standing = try month.standing(40_000.0 / 600)
        #expect(abs(standing.spent - 400) < 1e-9 && month.contents.bytes < 300_000)
        for burn in standing.burns where burn.windows.rate > 1 {
            #expect(abs(burn.longPace - 6) < 6 * 0.02 && abs(burn.shortPace - 6) < 6 * 0.25)
        }
        #expect(month.contents.measure(at: month.instant(67)).isApproximate)
    }
}
