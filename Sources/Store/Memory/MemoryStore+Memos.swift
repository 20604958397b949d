package import Events

extension MemoryStore {
    /// Keeps a content in the place of the one before.
    package func keep(_ content: [UInt8], as name: Memo.Name, now: Timestamp) async throws(StoreError) {
        try Memo.validate(content)
        try withState { state throws(StoreError) in
            state.memos[name] = (content: content, offset: state.clockOffset - (state.present(now) - now))
        }
    }

    /// What was kept last, or `nil`.
    package func memo(_ name: Memo.Name) async throws(StoreError) -> Memo? {
        try withState { state throws(StoreError) in
            state.memos[name].map { Memo(content: $0.content, clockStep: state.clockOffset - $0.offset) }
        }
    }
}
