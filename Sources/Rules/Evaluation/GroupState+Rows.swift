import Events

/// How a group is kept: one row, which begins with a version byte and the 32 digits of the rule's `stateHash`.
extension GroupState {
    private static let version: UInt8 = 4
    /// The version of a row with a displacement, which only a clock that was set gives a group: without, versions
    /// before it can read the row.
    private static let versionWithDisplacement: UInt8 = 5
    /// The version before it did not say whether an alert that nobody was told of was counted: each one was.
    private static let versionWithoutCount: UInt8 = 3

    /// The key of the row; `group/<rule>/` and what names the group.
    static func rowKey(_ rule: String, _ group: GroupKey) -> String { "\(prefix)\(rule)/\(group.rowName)" }

    /// What the keys of all groups begin with.
    static let prefix = "group/"

    /// The row's value.
    func encoded(_ rule: Rule, _ key: GroupKey) -> [UInt8] {
        var bytes = [displacement == nil ? Self.version : Self.versionWithDisplacement] + Array(rule.stateHash.utf8)
        bytes.appendText(key.bytes)
        bytes.appendSigned(touchedAt.microseconds)
        bytes.appendUnsigned(lastEvent.map { UInt64(bitPattern: $0) &+ 1 } ?? 0)
        bytes.appendText(Array((untold?.reason.rawValue ?? "").utf8))
        bytes.append(untold?.retryAt)
        bytes.append(untold?.isCounted == true ? 1 : 0)
        displacement?.encode(into: &bytes)
        alert.encode(into: &bytes)
        throttle?.encode(into: &bytes)
        if let contents { bytes.appendText(contents.encoded()) }
        return bytes
    }

    /// Whether the row, of whatever version, was written for the rule as it is now.
    static func isRow(_ bytes: [UInt8], of rule: Rule) -> Bool {
        bytes.dropFirst().starts(with: rule.stateHash.utf8)
    }

    /// Reads what `encoded` of this version or of those before wrote for the rule as it is now; `nil` for anything
    /// else.
    static func decode(_ bytes: [UInt8], _ rule: Rule) -> (key: GroupKey, state: GroupState)? {
        guard isRow(bytes, of: rule), (versionWithoutCount...versionWithDisplacement).contains(bytes[0]) else {
            return nil
        }
        var reader = RowReader(bytes.dropFirst(1 + rule.stateHash.utf8.count))
        guard let text = reader.text(), let key = GroupKey(decoding: text), let touched = reader.signed(),
            let event = reader.unsigned(), let reason = reader.text(), let retryAt = reader.instant(),
            let isCounted = bytes[0] == versionWithoutCount ? 1 : reader.byte()
        else { return nil }
        let displacement = bytes[0] == versionWithDisplacement ? ClockDisplacement(from: &reader) : nil
        guard (displacement != nil) == (bytes[0] == versionWithDisplacement), let alert = Alert(from: &reader) else {
            return nil
        }
        var state = GroupState(rule, at: Timestamp(microseconds: touched))
        state.lastEvent = event == 0 ? nil : Int64(bitPattern: event &- 1)
        state.untold = SuppressionReason(rawValue: String(decoding: reason, as: UTF8.self)).map {
            Untold(reason: $0, retryAt: retryAt, isCounted: isCounted != 0)
        }
        state.displacement = displacement
        state.alert = alert
        if let throttle = rule.throttle {
            guard let throttle = ThrottleState(throttle, from: &reader) else { return nil }
            state.throttle = throttle
        }
        if let window = rule.window {
            guard let text = reader.text(), let contents = WindowContents(decoding: text, shape: window.shape) else {
                return nil
            }
            state.contents = contents
        }
        return reader.isAtEnd ? (key, state) : nil
    }
}

extension Alert {
    /// Appends what `init(from:)` reads.
    func encode(into bytes: inout [UInt8]) {
        switch phase {
        case .ok: bytes.append(0)
        case .pending(let since):
            bytes.append(1)
            bytes.appendSigned(since.microseconds)
        case .firing(let since):
            bytes.append(2)
            bytes.appendSigned(since.microseconds)
        }
        bytes.append(recoveredSince)
        bytes.append(toldAt)
        bytes.append(firstNotification == nil ? 0 : 1)
        if let firstNotification { bytes.appendText(Array(firstNotification.utf8)) }
        bytes.append(firstNotifiedAt)
        bytes.appendUnsigned(UInt64(reminders))
        bytes.append(peak == nil ? 0 : 1)
        if let peak { bytes.appendNumber(peak) }
    }

    /// Reads what `encode` wrote; `nil` when the bytes are none of it.
    init?(from reader: inout RowReader) {
        switch reader.byte() {
        case 0: phase = .ok
        case 1:
            guard let since = reader.signed() else { return nil }
            phase = .pending(since: Timestamp(microseconds: since))
        case 2:
            guard let since = reader.signed() else { return nil }
            phase = .firing(since: Timestamp(microseconds: since))
        default: return nil
        }
        guard let recovered = reader.instant(), let told = reader.instant(), let isTold = reader.byte() else {
            return nil
        }
        recoveredSince = recovered
        toldAt = told
        if isTold != 0 {
            guard let text = reader.text() else { return nil }
            firstNotification = String(decoding: text, as: UTF8.self)
        }
        guard let first = reader.instant() else { return nil }
        firstNotifiedAt = first
        guard let reminders = reader.unsigned(), let hasPeak = reader.byte() else { return nil }
        self.reminders = Int(clamping: reminders)
        if hasPeak != 0 {
            guard let peak = reader.number() else { return nil }
            self.peak = peak
        }
    }
}
