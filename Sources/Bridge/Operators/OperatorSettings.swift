package import Rules

/// Who looks after Hookmail: `operators` and `report` of `mail`.
package struct OperatorSettings: Sendable {
    /// The addresses that are told of trouble with Hookmail itself; nobody is told where there is none.
    package var addresses: [String] = []
    /// When they get the report about the rules, or `nil` for never.
    package var report: Schedule?

    /// The most addresses.
    package static let addressesMax = 10
    /// When the report comes where the file does not say.
    package static let standardReport = "weekly on mon at 09:00 UTC"

    /// Nobody is told.
    package static let none = OperatorSettings()
}
