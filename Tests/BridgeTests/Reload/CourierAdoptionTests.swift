import Events
import Logging
import Mail
import Store
import Synchronization
import TestSupport
import Testing

@testable import Bridge

/// Which mails go out while mail settings that were just taken over have yet to prove themselves.
@Suite struct CourierAdoptionTests {
    private let clock = ManualClock()
    private let before = RecordingTransport()
    private let after = RecordingTransport()
    private let courier: Courier

    init() throws {
        courier = Courier(
            store: MemoryStore(), transport: before, composer: try RunningBridge.composer(), policy: RetryPolicy(),
            breaker: Breaker(), clock: clock, bell: Doorbell(), evaluatorBell: Doorbell(),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        courier.state.withLock { $0.isProven = true }
    }

    /// Lets a mail through; the transport that it goes over.
    private func admit() -> RecordingTransport? {
        courier.state.withLock { $0.admit(at: clock.now())?.1 as? RecordingTransport }
    }

    private func end(_ transport: RecordingTransport, _ reply: Reply) {
        guard courier.noteEnd(of: transport) else { return }
        courier.state.withLock {
            guard let (admission, _) = $0.admit(at: clock.now()) else { return }
            $0.sends -= 1
            $0.note(reply, .accepted, of: admission, at: clock.now())
        }
    }

    /// Slots that were taken under the former settings are no leave to log in eight times with a wrong password.
    @Test func mailsReservedBeforeAReloadGoOneByOneAfterIt() async {
        #expect(courier.reserve(deliveriesWanted: 3).slots == 3)
        await courier.adopt(after)
        #expect(admit() === after)
        #expect(admit() == nil)
        #expect(admit() == nil)
        #expect(courier.reserve(deliveriesWanted: 1).slots == 0, "none beside the reserved ones")
        end(after, .taken)
        #expect(admit() === after)
        #expect(admit() === after)
    }

    @Test func whatRunsOverTheFormerTransportHoldsNothingUp() async {
        let reservation = courier.reserve(deliveriesWanted: 3)
        for _ in 0..<reservation.slots { #expect(admit() === before) }
        await courier.adopt(after)
        #expect(courier.reserve(deliveriesWanted: 5).slots == 1, "one tries the new settings")
        #expect(admit() === after)
        #expect(admit() == nil)
        // What the former server says proves nothing about the new one.
        end(before, .taken)
        #expect(admit() == nil)
        end(after, .taken)
        #expect(admit() === after)
    }

    /// Also when settings change again before the first change has proven itself.
    @Test func everySendIsCountedOutWhereItWasCountedIn() async {
        for _ in 0..<2 { #expect(admit() === before) }
        await courier.adopt(after)
        #expect(admit() === after)
        let last = RecordingTransport()
        await courier.adopt(last)
        #expect(courier.state.withLock { $0.retiredSends } == 3)
        #expect(admit() === last)
        for transport in [before, after, before] { #expect(!courier.noteEnd(of: transport)) }
        #expect(courier.noteEnd(of: last))
        #expect(courier.state.withLock { $0.retiredSends } == 0)
        #expect(courier.state.withLock { $0.sends } == 0)
    }
}
