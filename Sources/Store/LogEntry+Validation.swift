import Rules

extension LogEntry.Change {
    /// Checks what can be checked without a store: events come verified, and what is stored can be read again.
    func validateForAppend() throws(StoreError) {
        if case .event = self { throw .notAllowed("events are appended as verified events") }
        guard payload.count <= Self.payloadBytesMax else {
            throw .notAllowed("the entry is longer than \(Self.payloadBytesMax) bytes in the log; shorten the rules")
        }
    }
}
