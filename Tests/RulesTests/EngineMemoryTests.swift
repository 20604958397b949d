import Rules
import Testing

/// What the rules remember is said by rule and in all.
@Suite struct EngineMemoryTests {
    private static let rules = """
        rules:
          - {name: each, when: failed, notify: a@example.com}
          - {name: burst, per: [model], sum: {of: cost, above: 1000000, within: 1h}, notify: a@example.com}
          - {name: log, digest: every 1h, notify: a@example.com}
        """

    @Test func groupsAndWhatIsGatheredCount() throws {
        var run = try EngineRun(EngineRun.ruleSet(Self.rules))
        let empty = run.engine.memory
        #expect(empty.lines.map(\.rule) == ["each", "burst", "log"])
        #expect(empty.groups == 0 && empty.lines.allSatisfy { $0.bytes == 0 } && empty.largest(9).isEmpty)
        for number in 0..<30 {
            try run.event("{\"unique_id\":\"\(number)\",\"cost\":1,\"model\":\"m\(number % 3)\"}", at: Double(number))
        }
        let memory = run.engine.memory
        #expect(memory.lines.map(\.groups) == [0, 3, 0] && memory.groups == 3)
        #expect(memory.lines[0].bytes == 0 && memory.lines[1].bytes > 3 * 100 && memory.lines[2].bytes > 100)
        #expect(memory.bytes >= memory.lines.reduce(0) { $0 + $1.bytes })
        #expect(memory.largest(1).map(\.rule) == ["burst"])

        // Inputs take room, and what has left the window gives it back.
        for number in 30..<2_000 {
            try run.event("{\"unique_id\":\"\(number)\",\"cost\":1,\"model\":\"m0\"}", at: 30 + Double(number) / 10)
        }
        let full = run.engine.memory.lines[1].bytes
        #expect(full > memory.lines[1].bytes + 1_900 * 8)
        try run.event("{\"unique_id\":\"late\",\"cost\":1,\"model\":\"m0\"}", at: 90_000)
        #expect(run.engine.memory.lines[1].bytes < full)
    }
}
