import Events

/// The value of `Date` in answers (RFC 9110 §6.6.1), written anew once a second: writing it costs more than the rest of
/// an answer's head.
struct DateField {
    private var second: Int64?
    private var text = ""

    /// The value at an instant.
    mutating func value(at now: Timestamp) -> String {
        let second = now.microseconds / 1_000_000
        if second != self.second {
            self.second = second
            text = now.rfc5322().dropLast("+0000".utf8.count) + "GMT"
        }
        return text
    }
}
