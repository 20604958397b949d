/// What is said of several rules together: `mute` and `inhibit` of all files.
struct RulePolicies {
    let mutes: [Mute]
    let inhibitions: [Inhibition]
    private let names: [String]

    /// Reads the two keys of each part and reports what is wrong with them.
    ///
    /// - Parameter isIncomplete: Whether a rule could not be read, so that a name that is missing is no fault.
    init(_ parts: [(reader: RuleSetReader, file: MappingReader)], of rules: [Rule], isIncomplete: Bool) {
        var book = RuleBook()
        for rule in rules { book.add(rule) }
        book.isIncomplete = isIncomplete
        names = book.names
        var mutes: [Mute] = []
        var inhibitions: [RuleSetReader.PlacedInhibition] = []
        for (reader, file) in parts {
            if let node = file.value("mute") { mutes += reader.mutes(node, of: book) }
            if let node = file.value("inhibit") { inhibitions += reader.inhibitions(node, of: book) }
        }
        RuleSetReader.reportCircles(inhibitions)
        self.mutes = mutes
        self.inhibitions = inhibitions.map(\.inhibition)
    }

    /// Adds what decides to the normal text.
    func append(to normal: inout NormalRules) {
        for mute in mutes { normal.append(mute: names.filter(mute.rules.contains), mute.during) }
        for inhibition in inhibitions { normal.append(inhibition, mutes: names.filter(inhibition.mutes.contains)) }
    }
}
