import Expressions

/// Named recipients.
struct RecipientBook {
    private(set) var recipients: [String: Recipient] = [:]
    /// In the order of the file, for suggestions.
    private(set) var names: [String] = []

    /// Takes a recipient; its addresses are unique.
    mutating func add(_ recipient: Recipient) {
        names.append(recipient.name)
        recipients[recipient.name] = recipient
    }

    /// The recipients in the order of the files.
    var inOrder: [Recipient] { names.compactMap { recipients[$0] } }
}

/// Who a rule tells.
struct Audience {
    /// Names and addresses as the file has them.
    let names: [String]
    /// What stands behind them.
    let recipients: [Recipient]

    static let nobody = Audience(names: [], recipients: [])
}

extension RuleSetReader {
    /// Keys of a recipient that later versions bring.
    static let laterRecipientKeys = ["digest", "mute"]
    /// The longest name of a recipient in bytes.
    static let recipientNameBytesMax = 100

    /// Reads `recipients:` of one file.
    func read(recipients node: YAMLNode, into book: inout RecipientBook) {
        guard let all = MappingReader(node, subject: "'recipients'", sink: sink) else { return }
        if all.all.count > RuleSet.namesMax {
            sink.error(at: node.range, "'recipients' names more than \(RuleSet.namesMax)")
        }
        for entry in all.all.prefix(RuleSet.namesMax) {
            let recipient = recipient(entry)
            if entry.key.isEmpty || entry.key.utf8.count > Self.recipientNameBytesMax || entry.key.utf8.contains(0x40) {
                sink.error(
                    at: entry.keyRange, "'\(entry.key)' cannot name a recipient",
                    hint: "choose a short name without '@', such as `llm-team: {to: [llm@example.com]}`"
                )
                continue
            }
            guard book.recipients[entry.key] == nil else {
                sink.error(
                    at: entry.keyRange, "another file has a recipient '\(entry.key)' already",
                    hint: "choose another name, or remove one of the two")
                continue
            }
            book.add(recipient)
        }
    }

    private func recipient(_ entry: YAMLEntry) -> Recipient {
        let nobody = Recipient(name: entry.key, addresses: [])
        guard !entry.value.isNull else {
            sink.error(
                at: entry.keyRange, "the recipient '\(entry.key)' is empty", hint: "write `{to: [a@example.com]}`")
            return nobody
        }
        guard let reader = MappingReader(entry.value, subject: "a recipient", sink: sink, joining: ["quiet"])
        else { return nobody }
        reader.refuse(Self.laterRecipientKeys)
        defer { reader.finish() }
        let quiet = reader.value("quiet").flatMap { node in
            let spans = values.timeSpans(node, "'quiet'")
            if let spans, Self.coversAlways(spans) {
                sink.error(
                    at: node.range, "these quiet hours never end, so that no mail would ever come",
                    hint: "leave some hours of the week; a rule that is to stay quiet is removed or muted")
            }
            return spans
        }
        let throttle = reader.value("at_most").flatMap { values.throttle($0, "'at_most'") }
        let zone = reader.value("zone").flatMap { values.zone($0, "'zone'") } ?? quiet?.zone
        let list = reader.required("to", hint: "write `to: [llm@example.com]`")
        return Recipient(
            name: entry.key, addresses: list.map(addresses) ?? [], quiet: quiet, throttle: throttle, zone: zone)
    }

    private func addresses(_ list: YAMLNode) -> [String] {
        var addresses: [String] = []
        for item in values.items(list, "'to'", countMax: Rule.recipientsMax) {
            guard let scalar = values.scalar(item, "an address") else { continue }
            guard let address = address(scalar) else { continue }
            if addresses.contains(address) {
                sink.warning(at: item.range, "this address stands twice in the list; it gets one mail")
            } else {
                addresses.append(address)
            }
        }
        return addresses
    }

    private func address(_ scalar: YAMLScalar) -> String? {
        switch addresses(scalar.text) {
        case .success(let address): return address
        case .failure(let complaint):
            sink.error(
                at: scalar.range(ofScalar: complaint.scalarOffset, length: 1, in: sink.source), complaint.message,
                hint: complaint.hint ?? "write it as name@example.com"
            )
            return nil
        }
    }

    /// Reads `notify:`: names of recipients and addresses, one or a list.
    func read(notify node: YAMLNode, from book: RecipientBook) -> Audience {
        var names: [String] = []
        var found: [Recipient] = []
        for item in values.items(node, "'notify'", countMax: Rule.recipientsMax) {
            guard let scalar = values.scalar(item, "a recipient") else { continue }
            if let known = book.recipients[scalar.text] {
                names.append(scalar.text)
                found.append(known)
            } else if scalar.text.utf8.contains(0x40) {
                guard let address = address(scalar) else { continue }
                names.append(address)
                found.append(Recipient(name: address, addresses: [address]))
            } else {
                report(unknownRecipient: scalar.text, at: item.range, among: book.names)
            }
        }
        if Set(found.flatMap(\.addresses)).count > Rule.recipientsMax {
            sink.error(at: node.range, "the rule tells more than \(Rule.recipientsMax) addresses")
        }
        return Audience(names: names, recipients: found)
    }

    private func report(unknownRecipient name: String, at range: SourceRange, among names: [String]) {
        let hint =
            if let nearest = Suggestion.nearest(to: name, among: names) {
                "did you mean '\(nearest)'?"
            } else if names.isEmpty {
                "write an address, or name one under `recipients:`"
            } else {
                "there is \(MappingReader.list(Array(names.prefix(8))))"
            }
        sink.error(at: range, "there is no recipient '\(name)'", hint: hint)
    }
}
