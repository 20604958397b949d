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
