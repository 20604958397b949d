import Synchronization

/// The store in memory: the twin of `SQLiteStore` for tests, replays and the demonstration. It keeps every promise of
/// `Store` but that of stable storage.
package final class MemoryStore: Store {
    private let state = Mutex(MemoryState())
    let options: StoreOptions
    let space: FreeSpace

    package init(options: StoreOptions = StoreOptions()) {
        self.options = options
        space = FreeSpace(floorBytes: options.floorBytes, freeBytes: options.freeBytes ?? { nil })
        let clock = options.clock.map { ClockHistory($0()) }
        state.withLock { $0.clock = clock }
    }

    /// Runs `body` alone on the state. A body checks everything before it changes anything, so that a throw leaves the
    /// state as it was.
    func withState<Value: Sendable>(
        _ body: (inout MemoryState) throws(StoreError) -> sending Value
    ) throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = state.withLock { state in
            guard !state.isClosed else { return .failure(.closed) }
            if let reading = options.clock?() { state.note(reading) }
            do throws(StoreError) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Asks the clocks.
    package func noteClock() async throws(StoreError) -> Bool {
        guard let reading = options.clock?() else { return false }
        return try state.withLock { state -> Result<Bool, StoreError> in
            state.isClosed ? .failure(.closed) : .success(state.note(reading))
        }.get()
    }

    /// Makes every later call throw `.closed`.
    package func close() async {
        state.withLock { $0.isClosed = true }
    }
}
