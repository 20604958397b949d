import Logging
import Mail
import Rendering
import Rules
import Store
import Synchronization

extension Courier {
    /// How long a transport that was replaced may finish what it has begun, in seconds: a server may take ten minutes
    /// to answer the final dot (RFC 5321 §4.5.3.2.6), and cutting it off would make a second copy.
    static let retirementSeconds = 600

    /// Composes with other templates or in another name from now on.
    func adopt(_ composer: Composer) {
        state.withLock { $0.composer = composer }
    }

    /// The composer in use.
    var composer: Composer { state.withLock { $0.composer } }

    /// Sends over another transport from now on. Sends that run finish on the old one, what it has not begun comes back
    /// and goes over the new one, and mails that were held because of the old settings are let go.
    func adopt(_ transport: any MailTransport) async {
        let old = state.withLock { state -> (any MailTransport)? in
            guard !state.isClosing else { return nil }
            let old = state.transport
            state.retiredSends += state.sends
            state.sends = 0
            state.slotsFree += transport.connectionsMax * 2 - state.slotsMax
            state.slotsMax = transport.connectionsMax * 2
            state.isProven = false
            state.transport = transport
            state.retired.append(old)
            return old
        }
        guard let old else {
            await transport.shutdown(grace: .zero)
            return
        }
        Task {
            await old.shutdown(grace: .seconds(Self.retirementSeconds))
            state.withLock { $0.retired.removeAll { $0 as AnyObject === old as AnyObject } }
        }
        resume()
        await releaseHeld()
    }

    /// Notes that a send ended. Returns whether its transport is the one in use, so that its reply speaks of the
    /// settings in force.
    func noteEnd(of transport: any MailTransport) -> Bool {
        state.withLock { state in
            if state.transport as AnyObject === transport as AnyObject {
                state.sends -= 1
                return true
            }
            state.retiredSends = max(0, state.retiredSends - 1)
            return false
        }
    }

    /// Ends every transport; returns when none of their threads runs any more.
    func shutDownTransports() async {
        let transports = state.withLock { $0.retired + [$0.transport] }
        await withDiscardingTaskGroup { group in
            for transport in transports {
                group.addTask { await transport.shutdown(grace: .seconds(Self.shutdownGraceSeconds)) }
            }
        }
    }

    /// Lets every held mail try at once.
    private func releaseHeld() async {
        do {
            let resumed = try await store.resumeHeld(now: clock.now())
            if resumed > 0 { log.notice("held mails try again", metadata: ["mails": .stringConvertible(resumed)]) }
        } catch {
            note(error, doing: "release held mails")
        }
        lookForDue()
    }
}
