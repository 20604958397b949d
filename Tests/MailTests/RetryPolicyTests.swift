import Mail
import Testing

struct RetryPolicyTests {
    private let policy = RetryPolicy.standard
    private let start = ContinuousClock.now

    private func reply(_ classification: ReplyClass, code: Int? = nil, enhanced: String? = nil) -> Reply {
        Reply(classification: classification, code: code, enhancedCode: enhanced, text: "")
    }

    private func pause(_ reply: Reply, attempt: Int, age: Duration = .zero, jitter: Double = 0.5) -> Duration? {
        let now = start.advanced(by: age)
        switch policy.next(after: reply, attempt: attempt, createdAt: start, now: now, jitter: jitter) {
        case .retry(let at): return now.duration(to: at)
        case .hold(let until): return now.duration(to: until)
        case .accepted, .dead: return nil
        }
    }

    @Test func theScheduleIsOneTwoFiveTenFifteenThirtyMinutesThenHourly() {
        let minutes = (1...9).map { pause(reply(.transient), attempt: $0)!.components.seconds / 60 }
        #expect(minutes == [1, 2, 5, 10, 15, 30, 60, 60, 60])
        #expect(pause(reply(.ambiguous), attempt: 1) == .seconds(60))
        #expect(pause(reply(.transient), attempt: .max) == .seconds(3_600))
        #expect(pause(reply(.transient), attempt: .min) == .seconds(60))
    }

    @Test func jitterIsTwentyPercentToBothSides() {
        #expect(pause(reply(.transient), attempt: 7, jitter: 0) == .seconds(2_880))
        #expect(pause(reply(.transient), attempt: 7, jitter: 1) == .seconds(4_320))
        #expect(pause(reply(.transient), attempt: 7, jitter: 9) == .seconds(4_320))
    }

    @Test func greylistingWaitsFiveMinutesAtLeast() {
        #expect(pause(reply(.greylisted), attempt: 1, jitter: 0) == .seconds(300))
        #expect(pause(reply(.greylisted), attempt: 4, jitter: 0.5) == .seconds(600))
    }

    @Test func aHostFailureKeepsTheFirstPause() {
        #expect(pause(reply(.host), attempt: 30) == .seconds(60))
    }

    @Test func aFaultOfOursHoldsForFifteenMinutesAtLeastAndNeverGivesUp() {
        #expect(pause(reply(.configuration), attempt: 1, jitter: 0) == .seconds(900))
        #expect(pause(reply(.configuration), attempt: 900, age: .seconds(30 * 86_400), jitter: 1) == .seconds(1_080))
    }

    @Test func mailsAreGivenUpAfter48HoursAndForAFullMailboxAfter24() {
        #expect(pause(reply(.transient), attempt: 50, age: .seconds(46 * 3_600)) != nil)
        #expect(pause(reply(.transient), attempt: 50, age: .seconds(48 * 3_600)) == nil)
        #expect(pause(reply(.host), attempt: 1, age: .seconds(48 * 3_600)) == nil)
        let full = reply(.transient, code: 452, enhanced: "4.2.2")
        #expect(pause(full, attempt: 20, age: .seconds(22 * 3_600)) != nil)
        #expect(pause(full, attempt: 20, age: .seconds(24 * 3_600)) == nil)
    }

    @Test func finalRepliesAreFinal() {
        #expect(policy.next(after: reply(.accepted), attempt: 1, createdAt: start, now: start, jitter: 0) == .accepted)
        #expect(policy.next(after: reply(.permanent), attempt: 1, createdAt: start, now: start, jitter: 0) == .dead)
        #expect(
            policy.next(after: reply(.recipientRefused), attempt: 1, createdAt: start, now: start, jitter: 0) == .dead)
    }
}
