import Events
import Rules
import TestSupport
import Testing

/// The throttle against a model that keeps everything for ever and counts anew each time.
@Suite struct ThrottleDifferentialTests {
    /// The obvious way to do it.
    private struct Model {
        struct Mail {
            let position: Int64
            let at: Int64
            var carries: Int
            var carriesSince: Int64?
            var isConfirmed = false
            var isGone = false
        }

        let mailsMax: Int
        let window: Int64
        var mails: [Mail] = []
        var heldBack = 0
        var heldBackSince: Int64?

        /// What is counted within `(now − window, now]`.
        func used(at now: Int64) -> [Mail] { mails.filter { !$0.isGone && $0.at > now - window } }

        mutating func match(position: Int64, at now: Int64) -> String {
            guard used(at: now).count < mailsMax else {
                heldBack += 1
                heldBackSince = heldBackSince ?? now
                return "throttled"
            }
            mails.append(Mail(position: position, at: now, carries: heldBack, carriesSince: heldBackSince))
            let used = used(at: now)
            let next = used.count < mailsMax ? nil : used.map(\.at).sorted()[used.count - mailsMax] + window
            let words = "mail \(position) \(heldBack) \(heldBackSince ?? -1) \(next ?? -1)"
            heldBack = 0
            heldBackSince = nil
            return words
        }

        mutating func end(position: Int64, isAccepted: Bool) {
            guard let index = mails.firstIndex(where: { $0.position == position }) else { return }
            guard !mails[index].isConfirmed, !mails[index].isGone else { return }
            if isAccepted {
                mails[index].isConfirmed = true
                return
            }
            mails[index].isGone = true
            guard mails[index].carries > 0 else { return }
            heldBack += mails[index].carries
            heldBackSince = [heldBackSince, mails[index].carriesSince].compactMap { $0 }.min()
        }
    }

    @Test(.timeLimit(.minutes(5))) func theThrottleCountsLikeTheModel() throws {
        var random = seededRandom()
        for _ in 0..<60 {
            let mailsMax = Int.random(in: 1...6, using: &random)
            let window = Int64.random(in: 1...50, using: &random)
            let ruleSet = try EngineRun.throttled("\(mailsMax) per \(window)s")
            var model = Model(mailsMax: mailsMax, window: window)
            var run = try EngineRun(ruleSet)
            var restored = try EngineRun(ruleSet)
            restored.restoresAtEveryEntry = true
            var now: Int64 = 0
            for step in 0..<200 {
                now += [0, 0, 1, 1, 2, 5, window - 1, window].randomElement(using: &random) ?? 0
                if Int.random(in: 0..<10, using: &random) < 7 || model.mails.isEmpty {
                    let expected = model.match(position: Int64(step + 1), at: now)
                    let output = run.event(at: Double(now))
                    #expect(Self.words(output) == expected)
                    #expect(Self.words(restored.event(at: Double(now))) == expected)
                } else {
                    // Mostly one of the last few mails, now and then one long gone.
                    let tail = model.mails.suffix(Bool.random(using: &random) ? 3 : 100)
                    let mail = tail.randomElement(using: &random)?.position ?? 0
                    let isAccepted = Bool.random(using: &random)
                    model.end(position: mail, isAccepted: isAccepted)
                    let outcome: NotificationEnd.Outcome =
                        isAccepted ? .accepted : Bool.random(using: &random) ? .dead : .cancelled
                    run.end("\(mail)-0", outcome, at: Double(now))
                    restored.end("\(mail)-0", outcome, at: Double(now))
                }
                #expect(run.rows == restored.rows)
                #expect(run.changes == restored.changes)
            }
        }
    }

    private static func words(_ output: EngineOutput) -> String {
        guard let mail = output.notifications.first else { return output.words.joined(separator: " ") }
        let figures = mail.figures
        let seconds = { (time: Timestamp?) in
            time.map { ($0.microseconds - EventMaker.start.microseconds) / 1_000_000 } ?? -1
        }
        let position = mail.id.split(separator: "-")[0]
        return "mail \(position) \(figures.heldBack) \(seconds(figures.heldBackSince)) \(seconds(figures.nextMailAt))"
    }

    /// Several rules with conditions, ends and rule sets in any order: an engine made anew of its rows before every
    /// entry says exactly what one says that was never interrupted.
    @Test(.timeLimit(.minutes(5))) func anEngineRestoredAtEveryEntryIsTheSame() throws {
        var random = seededRandom()
        let ruleSet = try EngineRun.ruleSet(
            """
            rules:
              - {name: a, when: failed, notify: a@example.com, at_most: 1 per 10s}
              - {name: b, when: status_code >= 500, notify: b@example.com, at_most: 3 per 20s}
              - {name: c, notify: c@example.com}
              - {name: d, when: cost > 100.0, notify: d@example.com, at_most: 1 per 1s}
            """
        )
        var run = try EngineRun(ruleSet)
        var restored = try EngineRun(ruleSet)
        restored.restoresAtEveryEntry = true
        var now = 0.0
        var mails: [Notification] = []
        for _ in 0..<2_000 {
            now += Double(Int.random(in: 0...40, using: &random)) / 10
            let change: (inout EngineRun) -> EngineOutput
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                change = { $0.feed(.ruleSet(hash: ruleSet.hash, text: ruleSet.text), at: now) }
            case 1...6:
                let mail = mails.suffix(12).randomElement(using: &random)
                let outcome =
                    [NotificationEnd.Outcome.accepted, .dead, .cancelled].randomElement(using: &random) ?? .dead
                change = { $0.end(mail?.id ?? "0-0", outcome, rule: mail?.rule ?? "a", at: now) }
            default:
                change = { $0.event(at: now) }
            }
            let one = change(&run)
            let other = change(&restored)
            mails += one.notifications
            #expect(one.decisions == other.decisions && run.changes == restored.changes)
            #expect(one.notifications.map { $0.encoded() } == other.notifications.map { $0.encoded() })
        }
        #expect(run.rows == restored.rows && run.rows.values.allSatisfy { $0.count < 20_000 })
        #expect(mails.count > 100)
    }

    @Test func aLargeThrottleStaysSmall() throws {
        var run = try EngineRun(EngineRun.throttled("3000 per 1h"))
        for step in 0..<3_050 { run.event(at: Double(step) / 100) }
        #expect(run.outputs.filter { !$0.notifications.isEmpty }.count == 3_000)
        #expect(run.rows["group/r/"].map { $0.count < 36_000 } == true)
    }
}
