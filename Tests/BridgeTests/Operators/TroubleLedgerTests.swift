import Bridge
import Events
import Rendering
import Rules
import Testing

/// What operators are told of, and how often.
struct TroubleLedgerTests {
    private func at(_ minutes: Int64) -> Timestamp { Timestamp(seconds: 1_800_000_000 + minutes * 60) }

    @Test func aTroubleIsToldOnceAndAgainAfterADay() {
        var ledger = TroubleLedger()
        var told: [Int64] = []
        for minute in stride(from: Int64(0), through: 3_000, by: 1) {
            ledger.note([.mailsWait], at: at(minute))
            guard !ledger.due(at: at(minute)).isEmpty else { continue }
            told.append(minute)
            ledger.noteTold(at: at(minute))
        }
        #expect(told == [0, 1_440, 2_880])
    }

    @Test func thereIsAtMostOneMailAnHour() {
        var ledger = TroubleLedger()
        var told: [Int64] = []
        for minute in Int64(0)..<600 {
            // Comes and goes all the time.
            ledger.note(minute % 2 == 0 ? [.mailsWait, .deadMails(minute)] : [], at: at(minute))
            guard !ledger.due(at: at(minute)).isEmpty else { continue }
            told.append(minute)
            ledger.noteTold(at: at(minute))
        }
        #expect(told == stride(from: Int64(0), to: 600, by: 60).map { $0 })
    }

    @Test func whatEndedBeforeItWasToldIsToldWithItsEnd() {
        var ledger = TroubleLedger()
        ledger.note([.held(words: "a")], at: at(0))
        ledger.note([], at: at(5))
        ledger.note([], at: at(6))
        #expect(ledger.due(at: at(6)) == [TimedTrouble(.held(words: "a"), since: at(0), until: at(5))])
        ledger.note([.held(words: "b")], at: at(7))
        #expect(ledger.due(at: at(7)) == [TimedTrouble(.held(words: "b"), since: at(0))])
    }

    @Test func aMailThatDidNotGoOutIsTriedAgain() {
        var ledger = TroubleLedger()
        ledger.note([.mailsWait], at: at(0))
        ledger.noteFailed(at: at(0))
        #expect(ledger.due(at: at(14)).isEmpty && ledger.due(at: at(15)).count == 1)
    }

    @Test func aClockThatIsSetBackKeepsNothingForLong() {
        var ledger = TroubleLedger()
        ledger.note([.mailsWait], at: at(100_000))
        ledger.noteTold(at: at(100_000))
        ledger.note([.evaluationStands], at: at(0))
        #expect(ledger.due(at: at(60)).map(\.trouble) == [.evaluationStands])
    }

    @Test func aRuleThatFailsOnManyEventsIsATrouble() {
        func decisions(_ rule: String, _ count: Int) -> [Decision] {
            (0..<count).map { number in
                Decision(
                    position: LogPosition(number + 1), at: at(0), event: nil, rule: rule, group: nil,
                    outcome: .faulted("no order"))
            }
        }
        let tally = FaultTally()
        tally.note(events: 100, decisions("often", 10) + decisions("seldom", 9), at: at(0))
        #expect(tally.troubles() == [.faultyRule("often", faults: 10, events: 100, within: .seconds(3_600))])
        tally.note(events: 1, [], at: at(1))
        #expect(tally.troubles().isEmpty, "less than one in ten")
        tally.note(events: 0, decisions("often", 10), at: at(60))
        #expect(tally.troubles() == [.faultyRule("often", faults: 10, events: 10, within: .seconds(3_600))])
    }
}
