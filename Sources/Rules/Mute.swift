/// A calendar under `mute:` during which rules send nothing: maintenance, weekends.
package struct Mute: Sendable {
    /// The names of the rules, patterns resolved, in the order of the file.
    package let rules: Set<String>
    package let during: TimeSpans

    package init(rules: Set<String>, during: TimeSpans) {
        self.rules = rules
        self.during = during
    }
}

/// An entry under `inhibit:`: while the alert of one rule fires, other rules stay quiet, because it explains them.
package struct Inhibition: Sendable {
    /// The rule whose alert explains the others; it has a window.
    package let source: String
    /// The rules that stay quiet.
    package let mutes: Set<String>
    /// The names of fields that must have the same value in both: of the source's `per`, and of the other's `per` or
    /// its event.
    package let same: [String]

    package init(source: String, mutes: Set<String>, same: [String]) {
        self.source = source
        self.mutes = mutes
        self.same = same
    }
}
