import Events

extension RuleSet {
    /// The addresses behind a name under `recipients:`, or `nil` when there is no such name.
    package func addresses(ofRecipient name: String) -> [String]? {
        guard let text = try? JSONValue.decode(Array(text.utf8)) else { return nil }
        return text["recipients"]?[name]?["to"]?.array?.compactMap(\.string)
    }

    /// Every address that a rule tells, at once or when its alert lasts.
    package var toldAddresses: Set<String> {
        Set(rules.flatMap { $0.recipients + ($0.window?.escalation?.recipients ?? []).flatMap(\.addresses) })
    }

    /// The names under `recipients:`, in the order of the file.
    package var recipientNames: [String] {
        let text = try? JSONValue.decode(Array(text.utf8))
        return text?["recipients"]?.object?.members.map(\.key) ?? []
    }
}
