package import Mail
import Synchronization

/// A mail server that answers what the test says, and remembers what it was handed.
package final class RecordingTransport: MailTransport {
    private struct State {
        var messages: [Message] = []
        var replies: [Reply]
        var isBlocked = false
        var blocked: [CheckedContinuation<Void, Never>] = []
        var underWay = 0
        var underWayMost = 0
        var isShutDown = false
    }

    package let connectionsMax: Int
    private let state: Mutex<State>

    /// - Parameter replies: given in turn; after the last one every message is accepted.
    package init(connectionsMax: Int = 4, replies: [Reply] = []) {
        self.connectionsMax = connectionsMax
        self.state = Mutex(State(replies: replies))
    }

    package func send(_ message: Message) async -> Reply {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let goesOn = state.withLock { state -> Bool in
                state.messages.append(message)
                state.underWay += 1
                state.underWayMost = max(state.underWayMost, state.underWay)
                guard state.isBlocked else { return true }
                state.blocked.append(continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
        return state.withLock { state in
            state.underWay -= 1
            return state.replies.isEmpty ? .taken : state.replies.removeFirst()
        }
    }

    package func shutdown(grace: Duration) async {
        state.withLock { $0.isShutDown = true }
        unblock()
    }

    /// Lets no message end until `unblock`.
    package func block() {
        state.withLock { $0.isBlocked = true }
    }

    package func unblock() {
        let waiting = state.withLock { state in
            let waiting = state.blocked
            state.blocked = []
            state.isBlocked = false
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Every message handed over, in order.
    package var messages: [Message] { state.withLock { $0.messages } }
    /// The most messages that were under way at once.
    package var underWayMost: Int { state.withLock { $0.underWayMost } }
    package var isShutDown: Bool { state.withLock { $0.isShutDown } }
}

extension Reply {
    /// The server took it.
    package static let taken = Reply(
        classification: .accepted, code: 250, enhancedCode: "2.0.0", text: "2.0.0 Ok: queued")
}
