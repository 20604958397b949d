import Events

/// Everything that is remembered of a recipient: what was held back from it, and the slots of its `at_most`.
struct RecipientState: Sendable {
    let recipient: Recipient
    var throttle: ThrottleState?
    /// What was held back and is not summed up yet.
    var gathered: SummaryFigures?
    /// Whether quiet hours held back some of it, rather than an `at_most` alone.
    var wasQuiet = false
    /// When the summary is due; registered in the queue of deadlines.
    var deadline: Timestamp?

    init(_ recipient: Recipient) {
        self.recipient = recipient
        throttle = recipient.throttle.map { ThrottleState($0) }
    }

    /// Whether there is nothing to remember.
    func isIdle(at now: Timestamp) -> Bool {
        gathered == nil && (throttle?.isIdle(at: now) ?? true)
    }
}

/// How a recipient is kept: one row under its name.
extension RecipientState {
    private static let version: UInt8 = 1
    /// What the keys of all recipients begin with.
    static let prefix = "recipient/"

    /// The key of the row; a long address is named by its hash.
    static func rowKey(_ name: String) -> String {
        name.utf8.count <= 200 ? prefix + name : prefix + Hash.sha256Hex(name.utf8)
    }

    /// The row's value.
    func encoded() -> [UInt8] {
        var bytes = [Self.version, wasQuiet ? 1 : 0, throttle == nil ? 0 : 1]
        bytes.append(deadline)
        bytes.appendText(gathered.map { $0.json.encoded() } ?? [])
        throttle?.encode(into: &bytes)
        return bytes
    }

    /// Reads what `encoded` wrote. A throttle that was changed keeps its slots; one that went loses them.
    mutating func restore(_ bytes: [UInt8]) {
        guard bytes.count >= 3, bytes[0] == Self.version else { return }
        var reader = RowReader(bytes.dropFirst(3))
        guard let due = reader.instant(), let text = reader.text() else { return }
        deadline = due
        wasQuiet = bytes[1] != 0
        if !text.isEmpty { gathered = (try? JSONValue.decode(text)).flatMap(SummaryFigures.init) }
        guard bytes[2] != 0, let throttle = recipient.throttle else { return }
        self.throttle = ThrottleState(throttle, from: &reader) ?? self.throttle
    }
}
