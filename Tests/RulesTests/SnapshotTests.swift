import Events
import Rules
import TestSupport
import Testing

/// A restart takes the rows of the last snapshot and replays the log after it. At whatever commit the process died,
/// what follows is what would have followed without.
@Suite(.timeLimit(.minutes(10))) struct SnapshotTests {
    private static let rules = """
        recipients:
          night: {to: [night@example.com], quiet: "22:00-07:00 Europe/Berlin"}
          few: {to: [few@example.com, two@example.com], at_most: 4 per 1h}
        rules:
          - {name: each, when: failed, per: [model], notify: [night, few], at_most: 2 per 10m}
          - {name: burst, when: failed, per: [provider_id], count: {at_least: 3, within: 10m}, remind: 20m, notify: few}
          - {name: spend, per: [model], sum: {of: cost, above: 3, within: 30m}, for: 2m, notify: night}
          - name: slow
            avg: {of: latency, above: 4, within: 15m}
            min_samples: 3
            recover: {below: 3}
            keep_firing_for: 1m
            escalate: {after: 1, notify: lead@example.com}
            remind: 30m
            notify: few
          - {name: tail, percentile: {of: latency, p: 90, above: 7, within: 15m}, min_samples: 4, notify: few}
          - {name: rate, when: failed, ratio: {above: 40%, within: 20m}, min_samples: 4, notify: night}
          - {name: many, when: failed, distinct: {of: model, at_least: 3, within: 20m}, notify: few}
          - {name: none, when: failed, absent: {for: 25m}, notify: night}
          - {name: new, when: failed, first_seen: {of: error_signature, forget_after: 1d}, notify: few}
          - {name: surge, change: {of: count(), above: 2x, within: 30m, against: 1h}, notify: few}
          - {name: money, budget: {of: cost, limit: 6, period: day}, remind: never, notify: night}
          - {name: gathered, when: failed, digest: every 30m, notify: few}
        """

    /// A log as a server would have written it: events, mails that end, the clock at every deadline, and now and then a
    /// clock that is set.
    private static func log(of ruleSet: RuleSet, entries count: Int, _ random: inout SeededRandom) throws -> [LogEntry]
    {
        var engine = Engine(ruleSet: ruleSet, rows: [])
        var now = EngineRun.time(0)
        var log: [LogEntry] = []
        var open: [Notification] = []
        while log.count < count {
            let next = now.advanced(by: .seconds(Int.random(in: 0...180, using: &random)))
            let change: LogEntry.Change
            if let deadline = engine.nextDeadline, deadline <= next {
                now = max(now, deadline)
                change = .clock
            } else if !open.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                let ended = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                let outcome: NotificationEnd.Outcome = Int.random(in: 0..<4, using: &random) == 0 ? .dead : .accepted
                change = .notificationEnded(
                    NotificationEnd(notification: ended.id, rule: ended.rule, outcome: outcome))
            } else if Int.random(in: 0..<40, using: &random) == 0 {
                let step = Duration.seconds(Int.random(in: -90_000...90_000, using: &random))
                now = now.advanced(by: step)
                change = .clockStep(by: step)
            } else {
                now = next
                change = .event(try event(Int64(log.count + 1), at: now, &random))
            }
            let entry = LogEntry(position: Int64(log.count + 1), at: now, change: change)
            open += engine.process(entry).notifications.filter(\.holdsThrottleSlot)
            log.append(entry)
        }
        return log
    }

    private static func event(_ number: Int64, at now: Timestamp, _ random: inout SeededRandom) throws -> LoggedEvent {
        let models = ["a", "b", "c", "d"]
        let failed = Bool.random(using: &random)
        var text = "{\"unique_id\":\"\(number)\",\"failed\":\(failed)"
        text += ",\"model\":\"\(models.randomElement(using: &random) ?? "a")\""
        text += ",\"provider_id\":\"\(Bool.random(using: &random) ? "x" : "y")\""
        if Bool.random(using: &random) { text += ",\"cost\":\(Int.random(in: 0...20, using: &random))e-1" }
        if Bool.random(using: &random) { text += ",\"latency\":\(Int.random(in: 0...9, using: &random))" }
        if failed { text += ",\"error_message\":\"kind \(["q", "r", "s"].randomElement(using: &random) ?? "q")\"" }
        return LoggedEvent(
            id: number, key: EventKey(source: "s", type: "request_log", id: "\(number)", origin: .uniqueID),
            receivedAt: now, isRevision: false, facts: try Facts(log: Array((text + "}").utf8)))
    }

    private static func words(_ output: EngineOutput) -> [String] {
        output.decisions.map { "\($0)" } + output.notifications.map { String(decoding: $0.encoded(), as: UTF8.self) }
    }

    @Test func killedAtEveryCommitTheSameIsTold() throws {
        var random = seededRandom()
        let ruleSet = try EngineRun.ruleSet(Self.rules)
        let log = try Self.log(of: ruleSet, entries: Seed.count("HOOKMAIL_SNAPSHOT_ENTRIES", standard: 350), &random)
        // Without interruption, with a snapshot now and then.
        var engine = Engine(ruleSet: ruleSet, rows: [])
        var expected: [[String]] = []
        var rows: [String: [UInt8]] = [:]
        var snapshots: [(position: Int, rows: [EngineStateRow])] = [(0, [])]
        var told: [NotificationReason: Int] = [:]
        var held: [SuppressionReason: Int] = [:]
        for (index, entry) in log.enumerated() {
            let output = engine.process(entry)
            for notification in output.notifications { told[notification.reason, default: 0] += 1 }
            for case .suppressed(let reason) in output.decisions.map(\.outcome) { held[reason, default: 0] += 1 }
            expected.append(Self.words(output))
            guard Int.random(in: 0..<25, using: &random) == 0 else { continue }
            for row in engine.takeStateChanges() { rows[row.key] = row.value }
            snapshots.append((index + 1, rows.map { EngineStateRow(key: $0.key, value: $0.value) }))
        }
        // The log has to be one in which much happens: mails of single events and of windows, their ends, and what is
        // held back.
        #expect(Set(told.keys).isSuperset(of: [.matched, .fired, .recovered, .firstSeen]))
        #expect(Set(held.keys).isSuperset(of: [.digested, .recipientThrottled]))
        let last = engine.takeStateChanges()
        for killed in 0...log.count {
            let snapshot = try #require(snapshots.last { $0.position <= killed })
            var engine = Engine(ruleSet: ruleSet, rows: snapshot.rows)
            for entry in log[snapshot.position..<killed] { _ = engine.process(entry) }
            for (index, entry) in log[killed...].enumerated() {
                let output = engine.process(entry)
                guard Self.words(output) != expected[killed + index] else { continue }
                Issue.record("killed at \(killed), entry \(killed + index + 1): \(Self.words(output))")
                return
            }
            // Near the end the rows themselves are compared, too.
            guard killed > log.count - 3, snapshot.position == snapshots.last?.position else { continue }
            #expect(engine.takeStateChanges() == last)
        }
    }

    /// A copy goes its own way: an evaluation that could not be committed leaves no trace in what it was copied from.
    @Test func aCopyIsAValue() throws {
        var random = seededRandom()
        let ruleSet = try EngineRun.ruleSet(Self.rules)
        let log = try Self.log(of: ruleSet, entries: 200, &random)
        var engine = Engine(ruleSet: ruleSet, rows: [])
        var uncopied = Engine(ruleSet: ruleSet, rows: [])
        for (index, entry) in log.enumerated() {
            var copy = engine
            for later in log[index...].prefix(5) { _ = copy.process(later) }
            #expect(Self.words(engine.process(entry)) == Self.words(uncopied.process(entry)))
        }
    }
}
