import ArgumentParser
import Events
import Expressions

/// Holds one event against many conditions.
struct RulesBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Microseconds for holding one event against every condition of a file.",
        discussion: """
            The event is read once; every round makes its context anew and asks every condition. With --index only \
            those that the index gives. With --loading the number is the seconds for reading the conditions and making \
            the index.
            """)

    @Argument(help: "A file with one condition a line.") var rules: String
    @Argument(help: "A file with the event's JSON.") var event: String
    @Argument(help: "For how long, in seconds.") var seconds: Double = 1
    @Flag(help: "Asks the index which conditions may match.") var index = false
    @Flag(help: "Measures reading the conditions.") var loading = false

    func run() throws {
        let lines = try String(decoding: BodyFile.read(rules), as: UTF8.self).split(separator: "\n")
        let facts = try Facts(log: BodyFile.read(event))
        let clock = ContinuousClock()
        let start = clock.now
        let programs = try lines.map { line in
            try Program.compile(ExpressionSource(text: String(line), file: rules), in: Environment(), for: .condition)
        }
        let filed = ConditionIndex(programs)
        if loading {
            print(start.duration(to: clock.now) / .seconds(1))
            return
        }
        let now = Timestamp(seconds: 1_767_614_400)
        var matches = 0
        var rounds = 0
        let time = Stopwatch.microseconds(over: seconds) {
            rounds += 1
            let activation = Activation(facts: facts, source: "bench", receivedAt: now)
            if index {
                filed.forEachCandidate(of: activation) { candidate in
                    if programs[candidate].verdict(for: activation) == .yes { matches += 1 }
                }
            } else {
                for program in programs where program.verdict(for: activation) == .yes { matches += 1 }
            }
        }
        print("\(matches / rounds) of \(programs.count) match")
        print(time)
    }
}
