import Store
import Synchronization

/// Does what links ask for one after the other: between looking and acting nobody else acts.
final class LinkActs: Sendable {
    private let latest = Mutex<Task<Void, Never>?>(nil)

    /// Waits for those before and runs `act`.
    func run<Value: Sendable>(
        _ act: @escaping @Sendable () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let task = latest.withLock { latest in
            let before = latest
            let task = Task { () -> Result<Value, StoreError> in
                await before?.value
                do throws(StoreError) { return .success(try await act()) } catch { return .failure(error) }
            }
            latest = Task { _ = await task.value }
            return task
        }
        return try await task.value.get()
    }
}
