import Events
import Testing

@testable import Rules

/// Rows of groups that another version of Hookmail wrote.
@Suite struct GroupRowVersionTests {
    private static let rules = """
        rules:
          - {name: r, when: failed, count: {at_least: 3, within: 10m}, at_most: 1 per 1h, notify: a@example.com}
        """

    private static func failed(_ number: Int) -> String { "{\"unique_id\":\"\(number)\",\"failed\":true}" }

    /// The row with its version and, before version 4, without the byte that says whether the alert was counted.
    private static func rewritten(_ row: [UInt8], version: UInt8) throws -> [UInt8] {
        var reader = RowReader(row.dropFirst(33))
        _ = reader.text()
        _ = reader.signed()
        _ = reader.unsigned()
        _ = reader.text()
        _ = reader.instant()
        var row = row
        let place = row.count - reader.bytesLeft
        try #require(row[0] == 4 && reader.byte() != nil)
        row[0] = version
        if version < 4 { row.remove(at: place) }
        return row
    }

    private static func engine(_ run: EngineRun, version: UInt8) throws -> Engine {
        let rows = try run.rows.map { key, value in
            EngineStateRow(key: key, value: key.hasPrefix("group/") ? try rewritten(value, version: version) : value)
        }
        return Engine(ruleSet: run.engine.ruleSet, rows: rows)
    }

    @Test func theVersionBeforeIsRead() throws {
        var run = try EngineRun(EngineRun.ruleSet(Self.rules))
        try run.event(Self.failed(1), at: 0)
        try run.event(Self.failed(2), at: 60)
        run.engine = try Self.engine(run, version: 3)
        #expect(run.engine.unreadableGroups == 0)
        #expect(try run.event(Self.failed(3), at: 120).words == ["mail 3-0"])
    }

    /// Before version 4 every alert that nobody was told of was counted.
    @Test func anAlertOfTheVersionBeforeIsNotCountedAgain() throws {
        var run = try EngineRun(EngineRun.ruleSet(Self.rules))
        for number in 1...3 { try run.event(Self.failed(number), at: 0) }
        run.feed(.clock, at: 600)
        for number in 4...6 { try run.event(Self.failed(number), at: 700) }
        #expect(run.outputs.last?.words == ["throttled"])
        run.engine = try Self.engine(run, version: 3)
        run.feed(.clock, at: 1_300)
        for number in 7...9 { try run.event(Self.failed(number), at: 7_300) }
        #expect(run.outputs.last?.notifications.first?.figures.heldBack == 1)
    }

    @Test func aRowOfANewerVersionIsCounted() throws {
        var run = try EngineRun(EngineRun.ruleSet(Self.rules))
        try run.event(Self.failed(1), at: 0)
        #expect(try Self.engine(run, version: 6).unreadableGroups == 1)
        // A row of a rule that is another one now is nothing that could have been read.
        let rows = run.rows.map { EngineStateRow(key: $0.key, value: $0.value) }
        let other = try EngineRun.ruleSet(Self.rules.replacing("10m", with: "11m"))
        #expect(Engine(ruleSet: other, rows: rows).unreadableGroups == 0)
    }
}
