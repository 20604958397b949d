package import Events

/// What to tell people whose text names no time zone.
extension ZoneFault {
    /// What is wrong, in one sentence without a full stop, and what to write.
    ///
    /// - Parameters:
    ///   - name: The text that was to name a zone.
    ///   - zones: Where the name was looked for.
    package func advice(about name: String, in zones: ZoneDirectory) -> (message: String, hint: String) {
        switch self {
        case .notInstalled:
            return (
                "the time zone '\(name)' is not known: this machine has no zone database",
                "install the package tzdata, or write UTC or a fixed offset such as +02:00"
            )
        case .unreadable:
            return ("the zone file of '\(name)' cannot be read", "install the package tzdata anew")
        case .malformed, .unknown:
            if let meant = Self.abbreviations[name.uppercased()] {
                return (
                    "'\(name)' is what clocks are called for a part of the year, not the name of a time zone",
                    "write a name of the zone database, such as \(meant), which knows when clocks change"
                )
            }
            if let offset = Self.offset(in: name) {
                return (
                    "there is no time zone '\(name)'",
                    "write a fixed offset as \(offset), or a name such as Europe/Berlin, which knows when clocks change"
                )
            }
            let nearest = Self.nearest(to: name, among: zones.names).map { "did you mean '\($0)'?" }
            return (
                "there is no time zone '\(name)'",
                nearest ?? "write a name such as Europe/Berlin or America/New_York, or UTC, or an offset such as +02:00"
            )
        }
    }

    /// What people mean by abbreviations that are no names of zones. Some stand for several clocks.
    private static let abbreviations: [String: String] = [
        "CEST": "Europe/Berlin or Europe/Paris", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
        "EEST": "Europe/Helsinki or Europe/Athens", "WEST": "Europe/Lisbon", "BST": "Europe/London",
        "EDT": "America/New_York", "ET": "America/New_York", "CST": "America/Chicago or Asia/Shanghai",
        "CDT": "America/Chicago", "CT": "America/Chicago", "MDT": "America/Denver", "MT": "America/Denver",
        "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
        "AKST": "America/Anchorage", "AKDT": "America/Anchorage", "AST": "America/Halifax",
        "ADT": "America/Halifax", "NST": "America/St_Johns", "NDT": "America/St_Johns", "BRT": "America/Sao_Paulo",
        "ART": "America/Argentina/Buenos_Aires", "MSK": "Europe/Moscow", "TRT": "Europe/Istanbul",
        "SAST": "Africa/Johannesburg", "EAT": "Africa/Nairobi", "WAT": "Africa/Lagos", "CAT": "Africa/Maputo",
        "GST": "Asia/Dubai", "IST": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem", "PKT": "Asia/Karachi",
        "NPT": "Asia/Kathmandu", "ICT": "Asia/Bangkok", "WIB": "Asia/Jakarta", "SGT": "Asia/Singapore",
        "HKT": "Asia/Hong_Kong", "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "AWST": "Australia/Perth",
        "AEST": "Australia/Sydney or Australia/Brisbane", "AEDT": "Australia/Sydney", "ACST": "Australia/Adelaide",
        "ACDT": "Australia/Adelaide", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
    ]

    /// Names of the database that have clocks of winter only, which few people mean, and what they mean instead.
    package static let winterOnly: [String: String] = ["EST": "America/New_York", "MST": "America/Denver"]

    /// The spelling of `UTC+2`, `GMT-05:30`, `+0200` and the like that is understood.
    private static func offset(in name: String) -> String? {
        var rest = name.uppercased()[...]
        for prefix in ["UTC", "GMT"] where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
        let digits = rest.dropFirst().filter { $0 != ":" }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.utf8.count <= 4 else {
            return nil
        }
        let padded = digits.utf8.count <= 2 ? String(digits) + "00" : String(digits)
        let full = String(repeating: "0", count: 4 - padded.utf8.count) + padded
        guard let hours = Int(full.prefix(2)), let minutes = Int(full.suffix(2)), hours < 24, minutes < 60 else {
            return nil
        }
        return "\(sign)\(full.prefix(2)):\(full.suffix(2))"
    }

    /// The name that was likely meant: one with a slip or two, or that of a town alone.
    private static func nearest(to name: String, among names: [String]) -> String? {
        let wanted = name.split(separator: " ").joined(separator: "_")
        let folded = wanted.lowercased()
        if let same = names.first(where: { $0.lowercased() == folded }) { return same }
        let towns = names.map { ($0, String($0.split(separator: "/").last ?? "")) }
        let regional = towns.filter { $0.0.contains("/") && !$0.0.hasPrefix("Etc/") }
        let town = String(folded.split(separator: "/").last ?? "")
        if let same = regional.first(where: { $0.1.lowercased() == town }) { return same.0 }
        if let near = Suggestion.nearest(to: wanted, among: names) { return near }
        guard let near = Suggestion.nearest(to: town, among: regional.map(\.1)) else { return nil }
        return regional.first { $0.1 == near }?.0
    }
}
