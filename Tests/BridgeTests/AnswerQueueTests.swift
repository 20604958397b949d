import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Bridge

@Suite(.timeLimit(.minutes(1)))
struct AnswerQueueTests {
    /// Several threads answer at once; every answer is called once, on the loop, those of one thread in their order.
    @Test func answersComeOnTheLoopOnceAndInOrder() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let queue = AnswerQueue(on: loop)
        let heard = Mutex<[[Int]]>(Array(repeating: [], count: 4))
        let wrong = Mutex(0)
        await withCheckedContinuation { continuation in
            let left = Mutex(4 * 5_000)
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for number in 0..<5_000 {
                    queue.answer {
                        if !loop.inEventLoop { wrong.withLock { $0 += 1 } }
                        heard.withLock { $0[thread].append(number) }
                        let isLast = left.withLock { left in
                            left -= 1
                            return left == 0
                        }
                        if isLast { continuation.resume() }
                    }
                }
            }
        }
        #expect(heard.withLock { $0 } == Array(repeating: Array(0..<5_000), count: 4))
        #expect(wrong.withLock { $0 } == 0)
    }
}
