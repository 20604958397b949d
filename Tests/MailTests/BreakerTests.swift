import Mail
import Testing

struct BreakerTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    private func opened() -> Breaker<ContinuousClock.Instant> {
        var breaker = Breaker<ContinuousClock.Instant>()
        for _ in 1...5 { breaker.record(.host, at: start) }
        return breaker
    }

    @Test func fiveHostFailuresInARowOpenIt() {
        var breaker = Breaker<ContinuousClock.Instant>()
        for _ in 1...4 { breaker.record(.host, at: start) }
        breaker.record(.permanent, at: start)
        for _ in 1...4 { breaker.record(.host, at: start) }
        let isAdmitted = breaker.admit(at: start)
        #expect(isAdmitted)
        breaker.record(.host, at: start)
        #expect(!breaker.allows(at: start) && !breaker.allows(at: at(29)) && breaker.allows(at: at(30)))
    }

    @Test func oneMailAtATimeProbesAndTwoSuccessesClose() {
        var breaker = opened()
        let first = [breaker.admit(at: at(30)), breaker.admit(at: at(31))]
        breaker.record(.accepted, at: at(32))
        let second = [breaker.admit(at: at(33)), breaker.admit(at: at(33))]
        breaker.record(.greylisted, at: at(34))
        #expect(first == [true, false] && second == [true, false])
        #expect(breaker.state == .closed(failures: 0))
        let closed = [breaker.admit(at: at(35)), breaker.admit(at: at(35))]
        #expect(closed == [true, true])
    }

    @Test func aFailedProbeDoublesThePauseUpToTenMinutes() {
        var breaker = opened()
        var now = 30
        for pause in [60, 120, 240, 480, 600, 600] {
            let isAdmitted = breaker.admit(at: at(now))
            #expect(isAdmitted)
            breaker.record(.host, at: at(now))
            #expect(!breaker.allows(at: at(now + pause - 1)) && breaker.allows(at: at(now + pause)))
            now += pause
        }
        breaker.recordSuccess(at: at(now))
        breaker.recordSuccess(at: at(now))
        #expect(breaker.state == .closed(failures: 0))
        for _ in 1...5 { breaker.recordFailure(at: at(now)) }
        #expect(breaker.allows(at: at(now + 30)))
    }

    @Test func aProbeOfWhichNothingIsHeardDoesNotHoldThePlaceForEver() {
        var breaker = opened()
        var admitted = [30, 629, 630].map { breaker.admit(at: at($0)) }
        breaker.release()
        admitted.append(breaker.admit(at: at(631)))
        breaker.record(.ambiguous, at: at(632))
        admitted.append(breaker.admit(at: at(633)))
        #expect(admitted == [true, false, true, true, true])
    }

    @Test func lateRepliesOfEarlierMailsChangeNothingWhileItIsOpen() {
        var breaker = opened()
        breaker.record(.accepted, at: at(1))
        breaker.record(.host, at: at(2))
        #expect(breaker.state == .open(until: at(30)))
    }
}
