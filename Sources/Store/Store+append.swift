package import Events

extension Store {
    /// Appends the events of one delivery, all or none, and returns when that is on stable storage.
    package func append(_ events: [VerifiedEvent]) async throws(StoreError) -> [Appended] {
        let result = await withCheckedContinuation { continuation in
            append(events) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}
