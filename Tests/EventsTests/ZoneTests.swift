import Events
import Foundation
import TestSupport
import Testing

/// Zones by name and the offsets they give.
@Suite struct ZoneTests {
    /// An instant, and what the wall shows then.
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
        ("Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00"),
        ("Europe/Berlin", "2099-07-01T12:00:00Z", "2099-07-01T14:00:00"),
        ("Europe/Berlin", "9999-07-01T12:00:00Z", "9999-07-01T14:00:00"),
        ("Europe/Berlin", "1850-01-01T00:00:00Z", "1850-01-01T00:53:28"),
        ("America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59"),
        ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00"),
        ("America/New_York", "2100-11-07T06:00:00Z", "2100-11-07T01:00:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59:59"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00"),
        ("Australia/Lord_Howe", "2100-12-31T23:00:00Z", "2101-01-01T10:00:00"),
        ("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00"),
        ("Asia/Kathmandu", "1985-12-31T18:29:59Z", "1985-12-31T23:59:59"),
        ("Asia/Kathmandu", "1985-12-31T18:30:00Z", "1986-01-01T00:15:00"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"),
        ("Europe/Dublin", "2090-01-15T12:00:00Z", "2090-01-15T12:00:00"),
        ("Europe/Dublin", "2090-07-15T12:00:00Z", "2090-07-15T13:00:00"),
        ("America/Nuuk", "2090-07-15T12:00:00Z", "2090-07-15T11:00:00"),
        ("UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00"),
        ("+05:30", "2026-01-01T00:00:00Z", "2026-01-01T05:30:00"),
        ("-09:30", "2026-01-01T00:00:00Z", "2025-12-31T14:30:00"),
    ])
    func theWallShows(name: String, instant: String, wall: String) throws {
        let zone = try ZoneDirectory.system.zone(named: name)
        let instant = try #require(Timestamp(rfc3339: instant))
        #expect(zone.civil(at: instant).words == wall)
        #expect(zone.civil(at: instant.advanced(by: .microseconds(999_999))).words == wall)
    }

    /// What the wall shows, and the first instant at which it shows that or later.
    @Test(arguments: [
        ("Europe/Berlin", "2026-07-01T09:00:00Z", "2026-07-01T07:00:00Z"),
        ("Europe/Berlin", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"),
        ("Europe/Berlin", "2090-03-26T02:30:00Z", "2090-03-26T01:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"),
        ("America/New_York", "2100-03-14T02:59:59Z", "2100-03-14T07:00:00Z"),
    ])
    func aWallTimeIsItsFirstInstant(name: String, wall: String, instant: String) throws {
        let zone = try ZoneDirectory.system.zone(named: name)
        let wall = try #require(Timestamp(rfc3339: wall))
        #expect(zone.instant(of: CivilTime(wallSeconds: wall.wholeSeconds)).rfc3339 == instant)
    }

    @Test(arguments: [
        ("../../etc/passwd", ZoneFault.malformed), ("/etc/localtime", .malformed), ("Europe/../UTC", .malformed),
        ("Europe//Berlin", .malformed), ("", .malformed), ("europe/berlin", .malformed), ("right/UTC", .malformed),
        ("posix/Europe/Berlin", .malformed), ("Europe/Berlin\u{0}", .malformed), ("Europe/Bérlin", .malformed),
        (String(repeating: "A", count: 65), .malformed), ("A/B/C/D", .malformed), ("+25:00", .malformed),
        ("Europe/Berln", .unknown), ("Europe", .unknown), ("Europe/Berlin/Mitte", .unknown), ("CEST", .unknown),
    ])
    func otherNamesAreNoZone(name: String, fault: ZoneFault) {
        #expect(throws: fault) { try ZoneDirectory.system.zone(named: name) }
    }

    @Test func withoutADatabaseUTCAndOffsetsAreKnown() throws {
        let zones = ZoneDirectory(path: "/nowhere/zoneinfo")
        #expect(throws: ZoneFault.notInstalled) { try zones.zone(named: "Europe/Berlin") }
        #expect(try zones.zone(named: "UTC") == .utc && zones.zone(named: "+02:00").offsetSeconds(at: now) == 7_200)
        #expect(zones.names == ["UTC"])
    }

    @Test func theNamesAreThoseThatCanBeRead() throws {
        let names = ZoneDirectory.system.names
        #expect(names.count > 400 && names.contains("America/Argentina/Buenos_Aires") && names == names.sorted())
        for name in names { _ = try ZoneDirectory.system.zone(named: name) }
    }

    @Test func aFileInTheFolderThatIsNoZoneIsRefused() throws {
        let folder = try ScratchFolder()
        for (name, text) in [("London", "TZif2"), ("Empty", ""), ("Long", String(repeating: "T", count: 65_537))] {
            try Data(text.utf8).write(to: URL(filePath: folder.path + "/" + name))
            #expect(throws: ZoneFault.unreadable) { try ZoneDirectory(path: folder.path).zone(named: name) }
        }
    }

    private let now = Timestamp(seconds: 1_800_000_000)
}

extension CivilTime {
    /// The day and the time as RFC 3339 has them, without a zone.
    var words: String { String(Timestamp(seconds: wallSeconds).rfc3339.dropLast()) }
}
