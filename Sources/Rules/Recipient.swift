/// Who is told: a name under `recipients:` or a bare address.
package struct Recipient: Sendable {
    /// The name in the file; of a bare address the address.
    package let name: String
    /// Each once, in the order of the file.
    package let addresses: [String]
    /// When mails that are not urgent are held back; `nil` for never.
    package let quiet: TimeSpans?
    /// How many mails the recipient gets in how long, or `nil` for any number.
    package let throttle: Throttle?

    package init(name: String, addresses: [String], quiet: TimeSpans? = nil, throttle: Throttle? = nil) {
        self.name = name
        self.addresses = addresses
        self.quiet = quiet
        self.throttle = throttle
    }
}
