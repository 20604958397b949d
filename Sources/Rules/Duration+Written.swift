import Events

extension Duration {
    /// Reads a whole number and a unit, as in `500ms`, `30s`, `15m`, `1h`, `7d`; `nil` for anything else and for more
    /// than 64 bits of milliseconds.
    package init?(written text: String) {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty, let number = Int64(String(digits) ?? "") else { return nil }
        let unit = Self.units.first { $0.name.utf8.elementsEqual(text.utf8.dropFirst(digits.count)) }
        guard let unit else { return nil }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// The span in the largest unit that needs no fraction: `15m`, `90s`, `7d`.
    package var written: String {
        let milliseconds = wholeMicroseconds / 1_000
        for unit in Self.units.reversed() where milliseconds % unit.milliseconds == 0 && milliseconds != 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
}
