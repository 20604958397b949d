package import Events

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
    /// The zone of the dates of its mails, or `nil` for that of all others.
    package let zone: CivilZone?

    package init(
        name: String, addresses: [String], quiet: TimeSpans? = nil, throttle: Throttle? = nil, zone: CivilZone? = nil
    ) {
        self.name = name
        self.addresses = addresses
        self.quiet = quiet
        self.throttle = throttle
        self.zone = zone
    }

    /// The same with these addresses alone.
    func only(_ addresses: [String]) -> Recipient {
        Recipient(name: name, addresses: addresses, quiet: quiet, throttle: throttle, zone: zone)
    }
}
