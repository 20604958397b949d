import NIOCore
import Synchronization

/// What the store's thread has for the connections of one event loop: the answers of one commit wake the loop once.
final class AnswerQueue: Sendable {
    private let loop: any EventLoop
    private let answers = Mutex<[@Sendable () -> Void]>([])

    init(on loop: any EventLoop) {
        self.loop = loop
    }

    /// Calls `answer` on the loop soon, in the order of calling; from any thread.
    func answer(_ answer: @escaping @Sendable () -> Void) {
        let isFirst = answers.withLock { answers in
            answers.append(answer)
            return answers.count == 1
        }
        guard isFirst else { return }
        loop.execute {
            let answers = self.answers.withLock { answers in
                defer { answers = [] }
                return answers
            }
            for answer in answers { answer() }
        }
    }
}
