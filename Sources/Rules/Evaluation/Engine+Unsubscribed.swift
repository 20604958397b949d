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
}
