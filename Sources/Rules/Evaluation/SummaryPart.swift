/// What some of the addresses are told of a summary: all of it, unless silences of their own keep a part from them.
struct SummaryPart {
    /// Each once, in the order of the recipient.
    var addresses: [String]
    /// Never without anything to tell.
    let summary: SummaryFigures
    /// Whom silences keep something of it from, those who are told the rest among them.
    var withheld: [Notification.Withheld] = []
}

/// A summary when it goes: who is told what.
struct PartedSummary {
    /// Addresses that are told the same share a part; one for which nothing remains is in none.
    fileprivate(set) var parts: [SummaryPart] = []
    /// Lines that nobody is told of, where there is any part.
    fileprivate(set) var untold: [SummaryFigures.Line] = []
}

/// The silences that keep something of a summary from addresses.
private struct SummarySilences {
    /// By the numbers of the lines, then by addresses.
    var ofLines: [[String: Notification.Withheld]] = []
    /// By the rules of matches beyond the lines, then by addresses.
    var ofOthers: [String: [String: Notification.Withheld]] = [:]

    /// What remains of the summary for an address.
    func remaining(_ summary: SummaryFigures, for address: String) -> SummaryFigures {
        summary.remaining(
            isLeftOut: { ofLines[$0][address] != nil }, leavesOutRule: { ofOthers[$0]?[address] != nil })
    }

    /// Why an address is not told of something that a part holds, or that it would hold but for the address's own
    /// silences; `nil` where it is told of all that.
    ///
    /// - Parameter told: One of the addresses of the part.
    func withheld(from address: String, ofWhatIsToldTo told: String) -> Notification.Withheld? {
        let found = (ofLines + ofOthers.sorted { $0.key < $1.key }.map(\.value)).compactMap { kept in
            kept[told] == nil || told == address ? kept[address] : nil
        }
        return found.first { $0.silence != nil } ?? found.first
    }
}

extension Engine {
    /// Parts a summary by what each address is to be told of it: nothing that a silence of its own covered when it was
    /// gathered, and nothing that one covers now. What a silence asks for beyond rule, severity and group is not known
    /// of a line any more: such a one covers only what was gathered after it.
    func parts(of summary: SummaryFigures, for addresses: [String]) -> PartedSummary {
        let silences = keepers(of: summary, among: addresses)
        var parted = PartedSummary()
        for address in addresses {
            let rest = silences.remaining(summary, for: address)
            guard rest.count > 0 else { continue }
            if let index = parted.parts.firstIndex(where: { $0.summary == rest }) {
                parted.parts[index].addresses.append(address)
            } else {
                parted.parts.append(SummaryPart(addresses: [address], summary: rest))
            }
        }
        for (index, part) in parted.parts.enumerated() {
            parted.parts[index].withheld = addresses.compactMap { address in
                silences.withheld(
                    from: address,
                    ofWhatIsToldTo: part.addresses.contains(address) ? address : part.addresses[0])
            }
        }
        guard !parted.parts.isEmpty else { return parted }
        parted.untold = summary.lines.enumerated().filter { number, _ in
            addresses.allSatisfy { silences.ofLines[number][$0] != nil }
        }.map(\.element)
        return parted
    }

    /// Those of the addresses for which nothing of a summary remains.
    func leftOut(of summary: SummaryFigures, among addresses: [String]) -> [Notification.Withheld] {
        let silences = keepers(of: summary, among: addresses)
        return addresses.filter { silences.remaining(summary, for: $0).count == 0 }
            .compactMap { silences.withheld(from: $0, ofWhatIsToldTo: $0) }
    }

    /// Keeps that nobody is told of some lines after all, with the newest event of each.
    func decide(untold lines: [SummaryFigures.Line], _ turn: inout Turn) {
        for line in lines { turn.decide(line.rule, named: line.group, event: line.event, .suppressed(.silenced)) }
    }

    private func keepers(of summary: SummaryFigures, among addresses: [String]) -> SummarySilences {
        var found = SummarySilences()
        for line in summary.lines {
            var kept: [String: Notification.Withheld] = [:]
            for address in line.keptFrom { kept[address] = .init(recipient: address, reason: .silenced) }
            let now = keepers(line.rule, line.severity, group: line.groupValues, among: addresses)
            found.ofLines.append(kept.merging(now) { $1 })
        }
        for rule in summary.otherRules.keys {
            let severity = indices[rule].map { ruleSet.rules[$0].severity }
            guard let severity = severity ?? summary.lines.first(where: { $0.rule == rule })?.severity else { continue }
            found.ofOthers[rule] = keepers(rule, severity, group: nil, among: addresses)
        }
        return found
    }

    private func keepers(
        _ rule: String, _ severity: Severity, group: [Notification.DecidingValue]?, among addresses: [String]
    ) -> [String: Notification.Withheld] {
        let kept = silences.recipients(
            keptFromAllOf: rule, severity, group: group?.map { (name: $0.name, value: $0.value) }, among: addresses,
            at: now)
        var withheld: [String: Notification.Withheld] = [:]
        for (address, silence) in kept {
            withheld[address] = .init(recipient: address, reason: .silenced, silence: silence)
        }
        return withheld
    }
}
