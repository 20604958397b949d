import Glibc

/// Threads for test servers, which block.
package enum DetachedThread {
    private final class Entry: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Starts a thread that nobody waits for.
    package static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Entry(body))
        let outcome = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Entry>.fromOpaque(context).takeRetainedValue().body()
                return nil
            },
            context.toOpaque()
        )
        if outcome == 0 { pthread_detach(thread) } else { context.release() }
    }
}

extension DetachedThread {
    /// Runs blocking work on a thread of its own and waits for it without holding one of the few threads that all tests
    /// share.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result { try body() }) }
        }
    }
}
