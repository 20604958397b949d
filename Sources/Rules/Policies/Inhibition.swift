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
