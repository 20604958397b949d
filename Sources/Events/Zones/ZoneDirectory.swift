internal import Synchronization

/// The time zones that the machine knows by name (Debian's package tzdata), read when they are first asked for.
///
/// UTC and fixed offsets are known without it. What a name means is data of the system, constant while the program
/// runs: a zone that was read once is never read again.
package final class ZoneDirectory: Sendable {
    /// The machine's zones.
    package static let system = ZoneDirectory(path: "/usr/share/zoneinfo")

    /// The longest name in bytes; the longest of the database has 32.
    package static let nameBytesMax = 64
    /// How many zones are kept; the database has about 600 names.
    private static let zonesMax = 1_000

    private let path: String
    private let zones = Mutex<[String: CivilZone]>([:])
    private let listed = Mutex<[String]?>(nil)
    /// Whether the database was found, so that texts of events that are no zone cost one look each.
    private let seen = Mutex(false)

    /// - Parameter path: The folder of compiled zone files.
    package init(path: String) {
        self.path = path
    }

    /// The zone of a name: `Europe/Berlin` and its like, `UTC`, or a fixed offset such as `+05:30`.
    ///
    /// Capital and small letters count, as they do everywhere where zones have names.
    package func zone(named name: String) throws(ZoneFault) -> CivilZone {
        if ["UTC", "Etc/UTC", "GMT", "Z"].contains(name) { return .utc }
        if let offset = Self.fixedOffset(name) { return CivilZone(name: name, offsetSeconds: offset) }
        guard Self.isName(name) else { throw .malformed }
        if let zone = zones.withLock({ $0[name] }) { return zone }
        switch ZoneFiles.bytes(at: path + "/" + name, bytesMax: CivilZone.fileBytesMax) {
        case .found(let bytes):
            guard let zone = CivilZone(name: name, tzif: bytes) else { throw .unreadable }
            zones.withLock { zones in
                if zones.count < Self.zonesMax { zones[name] = zone }
            }
            return zone
        case .missing:
            throw isInstalled ? .unknown : .notInstalled
        case .unreadable:
            throw .unreadable
        }
    }

    /// The names that are known, sorted, for suggestions; `UTC` alone where the database is not installed.
    package var names: [String] {
        listed.withLock { listed in
            if let listed { return listed }
            let found = ZoneFiles.names(below: path).filter(Self.isName)
            let names = (found.isEmpty ? ["UTC"] : found).sorted()
            listed = names
            return names
        }
    }

    /// Whether the folder holds zones at all: every edition of the database has this one.
    private var isInstalled: Bool {
        seen.withLock { seen in
            if seen { return true }
            let reading = ZoneFiles.bytes(at: path + "/Europe/London", bytesMax: CivilZone.fileBytesMax)
            if case .found = reading { seen = true }
            return seen
        }
    }

    /// Whether a text is a zone's name: parts of letters, digits, `_`, `+` and `-` with a slash between them, each
    /// beginning with a capital letter. So it cannot leave the folder, nor name the copies of the database below
    /// `posix/` and `right/`.
    private static func isName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= nameBytesMax else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count <= 3
            && parts.allSatisfy { part in
                guard let first = part.first, (0x41...0x5A).contains(first) else { return false }
                return part.allSatisfy { $0.isLetter || $0.isDigit || [0x5F, 0x2B, 0x2D].contains($0) }
            }
    }

    /// Seconds east of UTC of `+hh:mm` or `-hh:mm`.
    private static func fixedOffset(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), [1, 2, 4, 5].allSatisfy({ bytes[$0].isDigit })
        else { return nil }
        let hours = Int(bytes[1] - 0x30) * 10 + Int(bytes[2] - 0x30)
        let minutes = Int(bytes[4] - 0x30) * 10 + Int(bytes[5] - 0x30)
        guard hours < 24, minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
    }
}

/// Why a name gave no zone.
package enum ZoneFault: Error, Equatable {
    /// It is not written as zones are.
    case malformed
    /// The database has no such zone.
    case unknown
    /// The database (Debian's package tzdata) is not installed.
    case notInstalled
    /// There is a file of that name that is no zone file, is damaged, or may not be read.
    case unreadable
}
