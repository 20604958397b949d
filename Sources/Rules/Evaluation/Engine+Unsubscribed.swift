import Events

/// Addresses from which silences of their own keep mails that others get.
extension Engine {
    /// Those of the addresses that are not told, each with the silence that says so.
    func silenced(_ addresses: [String], _ telling: Telling, _ rule: Rule) -> [Notification.Withheld] {
        let kept = silences.recipients(keptFrom: subject(telling, rule), among: addresses, at: now)
        return addresses.compactMap { address in
            kept[address].map { Notification.Withheld(recipient: address, reason: .silenced, silence: $0) }
        }
    }

    /// The audience without some of its addresses. A recipient of which none remains is not in it.
    static func without(_ silenced: [Notification.Withheld], _ audience: [Recipient]) -> [Recipient] {
        guard !silenced.isEmpty else { return audience }
        let kept = Set(silenced.map(\.recipient))
        return audience.compactMap { recipient in
            let rest = recipient.addresses.filter { !kept.contains($0) }
            return rest.isEmpty && !recipient.addresses.isEmpty ? nil : recipient.only(rest)
        }
    }

    /// Those of the addresses that no part of a summary is for. Several silences may have kept its lines from them.
    static func leftOut(of parts: [SummaryPart], _ addresses: [String]) -> [Notification.Withheld] {
        let told = Set(parts.flatMap(\.addresses))
        return addresses.filter { !told.contains($0) }
            .map { Notification.Withheld(recipient: $0, reason: .silenced) }
    }
}
