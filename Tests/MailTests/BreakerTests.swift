import Mail
import Testing

struct BreakerTests {
    typealias Clocked = Breaker<ContinuousClock.Instant>

    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    /// One mail that is let through at `seconds` and answered at once; whether it was let through.
    @discardableResult
    private func mail(_ classification: ReplyClass, _ breaker: inout Clocked, at seconds: Int) -> Bool {
        guard let admission = breaker.admit(at: at(seconds)) else { return false }
        breaker.record(classification, of: admission, at: at(seconds))
        return true
    }

    /// A mail that is let through, its reply outstanding.
    private func admitted(_ breaker: inout Clocked, _ now: ContinuousClock.Instant) throws -> Clocked.Admission {
        let admission = breaker.admit(at: now)
        return try #require(admission)
    }

    private func opened() -> Clocked {
        var breaker = Clocked()
        for _ in 1...5 { mail(.host, &breaker, at: 0) }
        return breaker
    }

    @Test func fiveHostFailuresInARowOpenIt() {
        var breaker = Clocked()
        for _ in 1...4 { mail(.host, &breaker, at: 0) }
        mail(.permanent, &breaker, at: 0)
        for _ in 1...4 { mail(.host, &breaker, at: 0) }
        #expect(breaker.state == .closed(failures: 4))
        let isAdmitted = mail(.host, &breaker, at: 0)
        #expect(isAdmitted)
        #expect(!breaker.allows(at: start) && !breaker.allows(at: at(29)) && breaker.allows(at: at(30)))
    }

    @Test func oneMailAtATimeProbesAndTwoSuccessesClose() throws {
        var breaker = opened()
        let first = try admitted(&breaker, at(30))
        var refused = breaker.admit(at: at(31))
        #expect(refused == nil)
        breaker.record(.accepted, of: first, at: at(32))
        let second = try admitted(&breaker, at(33))
        refused = breaker.admit(at: at(33))
        #expect(refused == nil)
        breaker.record(.greylisted, of: second, at: at(34))
        #expect(breaker.state == .closed(failures: 0))
        let closed = [breaker.admit(at: at(35)), breaker.admit(at: at(35))]
        #expect(!closed.contains(nil))
    }

    @Test func aFailedProbeDoublesThePauseUpToTenMinutes() {
        var breaker = opened()
        var now = 30
        for pause in [60, 120, 240, 480, 600, 600] {
            let isAdmitted = mail(.host, &breaker, at: now)
            #expect(isAdmitted)
            #expect(!breaker.allows(at: at(now + pause - 1)) && breaker.allows(at: at(now + pause)))
            now += pause
        }
        for _ in 1...2 { mail(.accepted, &breaker, at: now) }
        #expect(breaker.state == .closed(failures: 0))
        for _ in 1...5 { mail(.host, &breaker, at: now) }
        #expect(breaker.allows(at: at(now + 30)), "the pause is the first one again")
    }

    @Test func aProbeOfWhichNothingIsHeardDoesNotHoldThePlaceForEver() throws {
        var breaker = opened()
        let lost = try admitted(&breaker, at(30))
        let early = breaker.admit(at: at(629))
        #expect(early == nil)
        let next = try admitted(&breaker, at(630))
        breaker.release(lost)
        #expect(!breaker.allows(at: at(631)), "the lost one gives back no place that another holds")
        breaker.release(next)
        let third = try admitted(&breaker, at(631))
        breaker.record(.ambiguous, of: third, at: at(632))
        #expect(breaker.allows(at: at(633)))
    }

    @Test func lateRepliesOfEarlierMailsDecideNothing() throws {
        var breaker = Clocked()
        var early: [Clocked.Admission] = []
        for _ in 0..<4 { early.append(try admitted(&breaker, start)) }
        for _ in 1...5 { mail(.host, &breaker, at: 0) }
        breaker.record(.accepted, of: early[0], at: at(1))
        breaker.record(.host, of: early[1], at: at(2))
        #expect(breaker.state == .open(until: at(30)))
        let probe = try admitted(&breaker, at(30))
        // Replies of mails from before the pause come while the probe is under way: neither closes nor opens it.
        breaker.record(.accepted, of: early[2], at: at(31))
        breaker.record(.host, of: early[3], at: at(31))
        #expect(breaker.state == .probing(successes: 0, busyUntil: at(630)))
        breaker.record(.accepted, of: probe, at: at(32))
        #expect(breaker.state == .probing(successes: 1, busyUntil: nil))
        breaker.record(.accepted, of: probe, at: at(33))
        #expect(breaker.state == .probing(successes: 2, busyUntil: nil) || breaker.state == .closed(failures: 0))
    }

    @Test func anOperatorMakesItForgetEverything() throws {
        var breaker = opened()
        let probe = try admitted(&breaker, at(30))
        breaker.reset()
        #expect(breaker.state == .closed(failures: 0))
        breaker.record(.host, of: probe, at: at(31))
        #expect(breaker.state == .closed(failures: 0))
    }
}
