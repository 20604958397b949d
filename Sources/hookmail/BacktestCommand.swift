import ArgumentParser
import Bridge
import Events
import Rules
import Store

/// `hookmail backtest`: what the rules would have made of events that have been.
struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Replays stored or given events through the rules and shows the mails they would have made.",
        discussion: """
            The events run through the same engine as in the server, on a virtual clock and with mails accepted at \
            once. Nothing is stored and nothing is sent. Stored events stand at the time they were received, those of \
            a file at their `timestamp`; one without stands at the time of the one before it, and the first ones at \
            that of the first with a `timestamp`.

            With --against another file's rules run beside: the table then shows how many mails more or fewer the \
            rules of --config would have made.

            Examples:
              hookmail backtest
              hookmail backtest --events last-month.jsonl --config new.yaml --against hookmail.yaml
              hookmail backtest --rule spend --json
            """)

    @OptionGroup var store: StoreOption
    @Option(help: "A file of events, one JSON text a line, or - for standard input.", completion: .file())
    var events: String?
    @Option(help: "A second configuration to compare with.", completion: .file(extensions: ["yaml", "yml"]))
    var against: String?
    @Option(
        name: .customLong("rule"), help: "Only this rule; may be given several times.",
        completion: RuleNames.completion)
    var rules: [String] = []
    @Flag(help: "JSON for programs.") var json = false

    func run() async throws {
        let ruleSet = try store.file.loadWithoutSecrets().ruleSet
        try RuleNames.check(rules, in: ruleSet)
        var runs = [Backtest(ruleSet)]
        if let against {
            var other = ConfigurationOption()
            other.config = against
            runs.append(Backtest(try other.loadWithoutSecrets().ruleSet))
        }
        if let events {
            try replay(file: events, &runs)
        } else {
            runs = try await replayStored(runs)
        }
        for index in runs.indices { runs[index].finish() }
        let report = BacktestReport(runs[0], against: runs.count > 1 ? runs[1] : nil, rules: rules)
        if json {
            Terminal.out(report.json.text)
        } else {
            report.lines(Terminal.palette).forEach(Terminal.out)
        }
    }

    private func replay(file: String, _ runs: inout [Backtest]) throws {
        let lines = try EventLines(path: file)
        var placed = try PlacedEvents(lines)
        var progress = ProgressLine(total: lines.bytes)
        while let (line, instant) = try placed.next() {
            let number = Int64(line.number)
            let key = EventKey(source: "file", type: "request_log", id: "\(number)", origin: .digest)
            let event = LoggedEvent(id: number, key: key, receivedAt: instant, isRevision: false, facts: line.facts)
            for index in runs.indices { runs[index].take(event, at: instant) }
            progress.show(lines.bytesRead)
        }
        progress.clear()
    }

    /// Pages through the log, so that memory holds a page and the rules' state alone.
    private func replayStored(_ begun: [Backtest]) async throws -> [Backtest] {
        var runs = begun
        try await store.reading { reader in
            let total = try await reader.evaluatorState().cursor
            var progress = ProgressLine(total: Int(clamping: total))
            var position: LogPosition = 0
            while true {
                let page = try await reader.entries(after: position, limit: 1_000)
                guard let last = page.last else { break }
                for entry in page {
                    for index in runs.indices {
                        switch entry.change {
                        case .event(let event): runs[index].take(event, at: entry.at)
                        case .clockStep(let step): runs[index].setClock(by: step, to: entry.at)
                        default: break
                        }
                    }
                }
                position = last.position
                progress.show(Int(clamping: position))
            }
            progress.clear()
        }
        return runs
    }
}
