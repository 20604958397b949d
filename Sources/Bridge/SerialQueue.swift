import Synchronization

/// Does one thing after the other, in the order in which they were asked for: between the looking and the acting of one
/// nobody else acts.
final class SerialQueue: Sendable {
    private let latest = Mutex<Task<Void, Never>?>(nil)

    /// Waits for those before and runs `work`. Throws what that throws.
    func run<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let task = latest.withLock { latest in
            let before = latest
            let task = Task { () -> Result<Value, Failure> in
                await before?.value
                do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
            }
            latest = Task { _ = await task.value }
            return task
        }
        return try await task.value.get()
    }
}
