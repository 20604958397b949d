package import Events
package import Expressions

/// All rules that are in force together, and the text they can be read from again.
package struct RuleSet: Sendable {
    /// The most rules a set may hold.
    package static let rulesMax = 10_000
    /// The most named conditions and the most named recipients.
    package static let namesMax = 1_000
    /// The most bytes of `text`: as many as a configuration file of 8 MiB and its included files of 16 MiB have.
    package static let textBytesMax = 24 << 20

    /// The rules in the order of the file, which is the order of their decisions.
    package let rules: [Rule]
    /// Calendars during which rules send nothing.
    package let mutes: [Mute]
    /// Alerts that explain other rules' alerts.
    package let inhibitions: [Inhibition]
    /// `at_most` of all mails together, or `nil`.
    package let mailsThrottle: Throttle?
    /// The tests beside the rules, in the order of the file; they decide nothing and are no part of `text`.
    package internal(set) var tests: [RuleTest] = []
    /// The zones of the dates of mails, by address; they decide nothing and are no part of `text`. Of an address that
    /// several recipients have, the first one's counts.
    package internal(set) var zones: [String: CivilZone] = [:]
    /// Which rules an event has to be held against.
    let index: ConditionIndex
    /// The names under `let:`, through which conditions may refer to each other: what `explain` and `eval` need.
    package let environment: Environment
    /// Everything that decides, in the keys of the file, as one line of JSON, which is YAML too: comments, order of
    /// keys and ways of quoting are gone. `RuleSet.read` makes the same set of it.
    package let text: String
    /// 64 hexadecimal digits: SHA-256 of `text`.
    package let hash: String

    init(
        rules: [Rule], mutes: [Mute] = [], inhibitions: [Inhibition] = [], mailsThrottle: Throttle? = nil,
        environment: Environment, text: String
    ) {
        self.rules = rules
        index = ConditionIndex(rules.map(\.indexedCondition))
        self.mutes = mutes
        self.inhibitions = inhibitions
        self.mailsThrottle = mailsThrottle
        self.environment = environment
        self.text = text
        self.hash = Hash.sha256Hex(text.utf8)
    }

    /// A set without rules.
    package static let empty = RuleSet(rules: [], environment: Environment(), text: #"{"rules":[]}"#)

    /// Reads a text of its own that holds nothing but what decides, such as `text` of another set.
    ///
    /// - Parameters:
    ///   - file: The name for findings.
    ///   - addresses: The grammar of mail addresses, which this room does not know.
    /// - Throws: everything that was found, when there is an error among it.
    package static func read(
        _ text: String, file: String, addresses: @escaping AddressReader
    ) throws(Diagnostics) -> (ruleSet: RuleSet, warnings: Diagnostics) {
        let sink = DiagnosticSink(source: SourceText(file: file, text: text))
        var ruleSet: RuleSet?
        if let root = YAMLComposer.compose(sink, files: YAMLComposer.ruleSetFiles),
            let reader = MappingReader(root, subject: "the rule set", sink: sink)
        {
            ruleSet = RuleSetReader(sink, addresses: addresses).read(reader)
            reader.finish()
        } else if !sink.hasErrors {
            sink.error(at: .fileStart, "the file is empty")
        }
        guard let ruleSet, !sink.hasErrors else { throw sink.diagnostics }
        return (ruleSet, sink.diagnostics)
    }
}

extension Rule {
    /// What the rule is filed under; a ratio counts events that do not match, too.
    fileprivate var indexedCondition: Program? {
        if case .ratio = window?.measure { nil } else { condition }
    }
}

/// Reads one mail address and gives its one spelling (domain in lower case), or says what is wrong with it.
package typealias AddressReader = (String) -> Result<String, AddressComplaint>

/// What is wrong with an address, and where in its text.
package struct AddressComplaint: Error, Sendable, Equatable {
    /// What is wrong, in one sentence without a full stop; never the address.
    package let message: String
    package let hint: String?
    /// How many Unicode scalars stand before the fault.
    package let scalarOffset: Int

    package init(message: String, hint: String?, scalarOffset: Int) {
        self.message = message
        self.hint = hint
        self.scalarOffset = scalarOffset
    }
}
