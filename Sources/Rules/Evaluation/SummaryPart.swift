/// What some of the addresses are told of a summary: all of it, unless they have unsubscribed from a part.
struct SummaryPart {
    /// Each once, in the order of the recipient.
    var addresses: [String]
    /// Never without anything to tell.
    let summary: SummaryFigures
}

extension Engine {
    /// Parts a summary by what each address is to be told of it: nothing that a silence of its own covered when it was
    /// gathered, and nothing of a rule from which it has unsubscribed since. An address for which nothing remains is in
    /// no part. A silence that asks for a group or for facts cannot be asked afterwards, for a line does not have them.
    func parts(of summary: SummaryFigures, for addresses: [String]) -> [SummaryPart] {
        let kept = addressesKept(from: summary, among: addresses)
        var parts: [SummaryPart] = []
        for address in addresses {
            let rest = summary.remaining(
                isLeftOut: { kept[$0.rule]?.contains(address) == true || $0.keptFrom.contains(address) },
                leavesOutRule: { kept[$0]?.contains(address) == true })
            guard rest.count > 0 else { continue }
            if let index = parts.firstIndex(where: { $0.summary == rest }) {
                parts[index].addresses.append(address)
            } else {
                parts.append(SummaryPart(addresses: [address], summary: rest))
            }
        }
        return parts
    }

    /// By the names of the rules that a summary tells of: the addresses that are told nothing of them.
    private func addressesKept(from summary: SummaryFigures, among addresses: [String]) -> [String: Set<String>] {
        var severities: [String: Severity] = [:]
        for rule in summary.otherRules.keys { severities[rule] = indices[rule].map { ruleSet.rules[$0].severity } }
        for line in summary.lines { severities[line.rule] = line.severity }
        var kept: [String: Set<String>] = [:]
        for (rule, severity) in severities {
            kept[rule] = silences.recipients(keptFromAllOf: rule, severity, among: addresses, at: now)
        }
        return kept
    }
}
