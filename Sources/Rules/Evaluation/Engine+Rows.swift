import Events

/// The engine's state as rows of the store: a snapshot that an engine is made of again.
extension Engine {
    /// The key of the row of the slots of all mails.
    static let mailsKey = "mails"
    /// The key of the row of engine time.
    static let clockKey = "clock"

    /// The rows that changed since they were taken last, by key; all of them together are the state at the last entry.
    package mutating func takeStateChanges() -> [EngineStateRow] {
        var rows: [String: [UInt8]?] = [:]
        for key in removedRows { rows[key] = .some(nil) }
        var clock: [UInt8] = []
        clock.appendSigned(now.microseconds)
        clockSetting?.encode(into: &clock)
        rows[Self.clockKey] = clock
        for key in changed {
            let row = row(of: key)
            rows[row.key] = .some(row.value)
        }
        removedRows = []
        changed = []
        return rows.map { EngineStateRow(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    /// Whether `takeStateChanges` has anything to give.
    package var hasStateChanges: Bool { !changed.isEmpty || !removedRows.isEmpty }

    private func row(of key: StateKey) -> EngineStateRow {
        switch key {
        case .group(let index, let key):
            let rule = ruleSet.rules[index]
            return EngineStateRow(
                key: GroupState.rowKey(rule.name, key), value: rules[index].groups[key]?.encoded(rule, key))
        case .digest(let index):
            return EngineStateRow(
                key: RuleState.digestKey(ruleSet.rules[index].name), value: digestRow(ofRuleAt: index))
        case .recipient(let name):
            let state = recipients[name]
            let isIdle = state?.isIdle(at: now) ?? true
            return EngineStateRow(key: RecipientState.rowKey(name), value: isIdle ? nil : state?.encoded())
        case .mails:
            var bytes: [UInt8] = [1]
            mails?.encode(into: &bytes)
            return EngineStateRow(key: Self.mailsKey, value: mails == nil ? nil : bytes)
        case .silence(let id): return silences.row(id)
        }
    }

    private func digestRow(ofRuleAt index: Int) -> [UInt8]? {
        guard let digest = rules[index].digest else { return nil }
        var bytes: [UInt8] = [1] + Array(ruleSet.rules[index].stateHash.utf8)
        bytes.append(rules[index].digestDeadline)
        return bytes + digest.json.encoded()
    }

    /// Takes the state of rows. What belongs to no rule as it is now is none, and its row is removed with the next
    /// changes.
    mutating func restore(_ rows: [EngineStateRow]) {
        var namesByKey: [String: String] = [:]
        for name in recipients.keys { namesByKey[RecipientState.rowKey(name)] = name }
        silences = Silences(rows: rows)
        for row in rows where !row.key.hasPrefix(Silences.keyPrefix) {
            guard let value = row.value else { continue }
            if row.key == Self.clockKey {
                var reader = RowReader(value[...])
                now = reader.signed().map { Timestamp(microseconds: $0) } ?? now
                clockSetting = ClockSetting(from: &reader)
            } else if row.key == Self.mailsKey {
                var reader = RowReader(value.dropFirst())
                if let throttle = ruleSet.mailsThrottle { mails = ThrottleState(throttle, from: &reader) ?? mails }
            } else if let name = namesByKey[row.key] {
                recipients[name]?.restore(value)
            } else if !restoreRule(row.key, value) {
                removedRows.insert(row.key)
            }
        }
        findSlotHolders()
    }

    private mutating func restoreRule(_ key: String, _ value: [UInt8]) -> Bool {
        if key.hasPrefix(RuleState.digestPrefix) {
            guard let index = indices[String(key.dropFirst(RuleState.digestPrefix.count))] else { return false }
            return restoreDigest(ofRuleAt: index, value)
        }
        guard key.hasPrefix(GroupState.prefix), let end = key.lastIndex(of: "/"),
            let start = key.index(key.startIndex, offsetBy: GroupState.prefix.count, limitedBy: end), start < end,
            let index = indices[String(key[start..<end])]
        else { return false }
        guard let (group, state) = GroupState.decode(value, ruleSet.rules[index]) else {
            if GroupState.isRow(value, of: ruleSet.rules[index]) { unreadableGroups += 1 }
            return false
        }
        rules[index].groups[group] = state
        return true
    }

    private mutating func restoreDigest(ofRuleAt index: Int, _ value: [UInt8]) -> Bool {
        let header: [UInt8] = [1] + Array(ruleSet.rules[index].stateHash.utf8)
        guard value.starts(with: header), let schedule = ruleSet.rules[index].digest else { return false }
        var reader = RowReader(value.dropFirst(header.count))
        guard let due = reader.instant(), let json = reader.bytes(reader.bytesLeft),
            let digest = (try? JSONValue.decode(json)).flatMap(SummaryFigures.init)
        else { return false }
        rules[index].digest = digest
        rules[index].digestDeadline = due ?? schedule.next(after: digest.from)
        return true
    }
}

extension ClockSetting {
    /// Appends what `init(from:)` reads.
    fileprivate func encode(into bytes: inout [UInt8]) {
        bytes.appendSigned(position)
        bytes.appendSigned(at.microseconds)
        bytes.appendSigned(step.wholeMicroseconds)
    }

    /// Reads what `encode` wrote; `nil` where nothing follows.
    fileprivate init?(from reader: inout RowReader) {
        guard let position = reader.signed(), let at = reader.signed(), let step = reader.signed() else { return nil }
        self.init(position: position, at: Timestamp(microseconds: at), step: .microseconds(step))
    }
}
