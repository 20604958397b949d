import Events
import Rules

/// What a backtest found, for people and programs.
struct BacktestReport {
    private let run: Backtest
    private let against: Backtest?
    private let rules: [String]

    /// The bars of a time-line.
    private static let bars = 24

    init(_ run: Backtest, against: Backtest?, rules: [String]) {
        self.run = run
        self.against = against
        self.rules = rules
    }

    private func chosen(_ run: Backtest) -> [Backtest.Line] {
        run.results.filter { rules.isEmpty || rules.contains($0.rule) }
    }

    // MARK: Text

    func lines(_ palette: Palette) -> [String] {
        guard let from = run.from, let to = run.to else { return ["There are no events to replay."] }
        var lines = [
            "\(count(run.eventCount, "event")) from \(from.rfc3339) to \(to.rfc3339)", "",
        ]
        var head = ["RULE", "MATCHES", "MAILS", "HELD BACK", "FIRST", "LAST", "MAILS OVER TIME"]
        if against != nil { head.insert("AGAINST", at: 3) }
        var rows = [head]
        for line in chosen(run) { rows.append(row(line, from: from, to: to)) }
        if let against {
            let known = Set(run.results.map(\.rule))
            for gone in chosen(against) where !known.contains(gone.rule) {
                rows.append([
                    FactTable.plain(gone.rule, scalarsMax: 40), "-", "0", difference(0, gone.mailCount), "-", "-", "-",
                    "",
                ])
            }
        }
        lines += FactTable.columns(rows)
        let faults = run.results.filter { $0.faults > 0 }
        if !faults.isEmpty { lines.append("") }
        for line in faults {
            lines.append(
                palette.paint(
                    "\(FactTable.plain(line.rule)) could not be evaluated on \(count(line.faults, "event")).", .bad))
        }
        if run.disorderedCount > 0 {
            lines.append("")
            lines.append(
                "\(count(run.disorderedCount, "event")) stood before an earlier one, and was taken at its time. "
                    + "Sort the file by `timestamp` for exact windows.")
        }
        if let against {
            lines.append("")
            lines.append(
                "\(count(total(run), "mail")) in all, against \(total(against)): "
                    + "\(difference(total(run), total(against))).")
        } else {
            lines.append("")
            lines.append("\(count(total(run), "mail")) in all. Each goes to every recipient of its rule.")
        }
        return lines
    }

    private func row(_ line: Backtest.Line, from: Timestamp, to: Timestamp) -> [String] {
        let held = line.suppressions.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.rawValue)" }
        var row = [
            FactTable.plain(line.rule, scalarsMax: 40), "\(line.matches)", "\(line.mailCount)",
            held.isEmpty ? "-" : held.joined(separator: ", "), line.first.map(FactTable.time) ?? "-",
            line.last.map(FactTable.time) ?? "-",
            Self.sparks(line.timeline(from: from, to: to, bars: Self.bars)),
        ]
        if let against {
            let before = against.results.first { $0.rule == line.rule }?.mailCount ?? 0
            row.insert(difference(line.mailCount, before), at: 3)
        }
        return row
    }

    /// Bars of eighths; nothing where there was no mail.
    private static func sparks(_ counts: [Int]) -> String {
        let most = counts.max() ?? 0
        guard most > 0 else { return "" }
        let signs = Array("▁▂▃▄▅▆▇█")
        return String(counts.map { $0 == 0 ? "·" : signs[($0 * (signs.count - 1) + most - 1) / most] })
    }

    private func difference(_ now: Int, _ before: Int) -> String {
        now == before ? "the same" : now > before ? "+\(now - before)" : "−\(before - now)"
    }

    private func total(_ run: Backtest) -> Int { chosen(run).reduce(0) { $0 + $1.mailCount } }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    // MARK: JSON

    var json: JSONValue {
        var object = JSONObject([("events", .int(Int64(run.eventCount)))])
        object["from"] = run.from.map { .string($0.rfc3339) } ?? .null
        object["to"] = run.to.map { .string($0.rfc3339) } ?? .null
        object["disordered"] = .int(Int64(run.disorderedCount))
        object["rules"] = .array(chosen(run).map(json))
        if let against { object["against"] = .array(chosen(against).map(json)) }
        return .object(object)
    }

    private func json(_ line: Backtest.Line) -> JSONValue {
        var object = JSONObject([("rule", .string(line.rule)), ("matches", .int(Int64(line.matches)))])
        object["mails"] = .int(Int64(line.mailCount))
        object["reasons"] = counts(line.mails.map { ($0.key.rawValue, $0.value) })
        object["suppressed"] = counts(line.suppressions.map { ($0.key.rawValue, $0.value) })
        object["faulted"] = .int(Int64(line.faults))
        object["first"] = line.first.map { .string($0.rfc3339) } ?? .null
        object["last"] = line.last.map { .string($0.rfc3339) } ?? .null
        return .object(object)
    }

    private func counts(_ pairs: [(String, Int)]) -> JSONValue {
        .object(JSONObject(pairs.sorted { $0.0 < $1.0 }.map { ($0.0, .int(Int64($0.1))) }))
    }
}
