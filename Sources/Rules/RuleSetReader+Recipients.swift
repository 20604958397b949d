import Expressions

/// Named recipients with their addresses.
struct RecipientBook {
    private(set) var addresses: [String: [String]] = [:]
    /// In the order of the file, for suggestions.
    private(set) var names: [String] = []

    /// Takes a recipient; its addresses are unique.
    mutating func add(_ name: String, _ addresses: [String]) {
        names.append(name)
        self.addresses[name] = addresses
    }
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
    static let laterRecipientKeys = ["quiet", "at_most", "digest", "mute"]
    /// The longest name of a recipient in bytes.
    static let recipientNameBytesMax = 100

    /// Reads `recipients:`.
    func read(recipients node: YAMLNode, into normal: inout NormalRules) -> RecipientBook {
        var book = RecipientBook()
        guard let all = MappingReader(node, subject: "'recipients'", sink: sink) else { return book }
        if all.all.count > RuleSet.namesMax {
            sink.error(at: node.range, "'recipients' names more than \(RuleSet.namesMax)")
        }
        for entry in all.all.prefix(RuleSet.namesMax) {
            let addresses = self.addresses(of: entry)
            if entry.key.isEmpty || entry.key.utf8.count > Self.recipientNameBytesMax || entry.key.utf8.contains(0x40) {
                sink.error(
                    at: entry.keyRange, "'\(entry.key)' cannot name a recipient",
                    hint: "choose a short name without '@', such as `llm-team: {to: [llm@example.com]}`"
                )
                continue
            }
            book.add(entry.key, addresses)
            normal.append(recipient: entry.key, addresses: addresses)
        }
        return book
    }

    private func addresses(of entry: YAMLEntry) -> [String] {
        guard !entry.value.isNull else {
            sink.error(
                at: entry.keyRange, "the recipient '\(entry.key)' is empty", hint: "write `{to: [a@example.com]}`")
            return []
        }
        guard let reader = MappingReader(entry.value, subject: "a recipient", sink: sink) else { return [] }
        reader.refuse(Self.laterRecipientKeys)
        defer { reader.finish() }
        guard let list = reader.required("to", hint: "write `to: [llm@example.com]`") else { return [] }
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
            if let known = book.addresses[scalar.text] {
                names.append(scalar.text)
                found.append(Recipient(name: scalar.text, addresses: known))
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
