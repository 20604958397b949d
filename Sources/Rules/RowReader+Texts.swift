import Events

/// Texts and instants in stored rows.
extension [UInt8] {
    /// Appends bytes behind their number.
    mutating func appendText(_ text: [UInt8]) {
        appendUnsigned(UInt64(text.count))
        self += text
    }

    /// Appends an instant, or that there is none.
    mutating func append(_ instant: Timestamp?) {
        append(instant == nil ? 0 : 1)
        if let instant { appendSigned(instant.microseconds) }
    }
}

extension RowReader {
    /// Bytes that `appendText` wrote.
    mutating func text() -> [UInt8]? {
        guard let count = count() else { return nil }
        return bytes(count)
    }

    /// What `append` wrote of an instant, the inner `nil` being that there is none; the outer one when the bytes are
    /// none of it.
    mutating func instant() -> Timestamp?? {
        switch byte() {
        case 0: .some(nil)
        case 1: signed().map { Timestamp(microseconds: $0) }
        default: nil
        }
    }
}
