import Events
import Mail

extension MemoryState {
    /// Every refused address, the last refused first.
    var refusedRecipients: [RefusedRecipient] {
        var overtaken = suppressionLifts
        for (_, row) in deliveries.rows where row.standing.state == .accepted {
            let address = Array(row.recipient.utf8)
            let ended = (row.standing.endedAt ?? row.createdAt).advanced(by: .zero - row.endedOffset)
            overtaken[address] = max(overtaken[address] ?? ended, ended)
        }
        var refusals: [[UInt8]: RefusedRecipient] = [:]
        var suppressed: [[UInt8]: Int] = [:]
        for (id, row) in deliveries.rows where row.standing.state == .dead {
            let address = Array(row.recipient.utf8)
            guard let reply = row.attempts.last?.reply, let ended = row.standing.endedAt,
                overtaken[address].map({ ended.advanced(by: .zero - row.endedOffset) > $0 }) ?? true
            else { continue }
            if reply.reason == .suppressed { suppressed[address, default: 0] += 1 }
            guard reply.classification == .recipientRefused else { continue }
            let before = refusals[address]
            refusals[address] = RefusedRecipient(
                address: row.recipient, since: min(before?.since ?? ended, ended),
                last: max(before?.last ?? ended, ended), mails: (before?.mails ?? 0) + 1, lastMail: id, reply: reply)
        }
        let found = refusals.map { address, one in
            RefusedRecipient(
                address: one.address, since: one.since, last: one.last, mails: one.mails,
                suppressed: suppressed[address] ?? 0, lastMail: one.lastMail, reply: one.reply)
        }
        return found.sorted { left, right in
            left.last == right.last
                ? left.address.utf8.lexicographicallyPrecedes(right.address.utf8) : left.last > right.last
        }
    }
}
