import ArgumentParser
import Events
import Glibc
import Rules

/// Adds to windows of every kind and measures them: what an event costs, and what a group weighs.
struct WindowBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "windows",
        abstract: "Nanoseconds for adding to a window and measuring it, and bytes a group.",
        discussion: """
            Columns: one window that holds 600 inputs; one that holds 20,000, most of them in buckets; and groups of \
            20 inputs each, met in no order, where the contents before each event are kept until a batch of 100 is \
            over, so that every event writes to a fresh copy. The last two are what a group says that it weighs, and \
            by how much the process grew for it: right for the first kind of a run only, because memory is used again.
            """)

    @Argument(help: "How many events for each figure.") var events: Int = 1_000_000
    @Argument(help: "How many groups.") var groups: Int = 100_000
    @Option(help: "One kind alone, as the first column has it.") var only: String?

    private static let within = Duration.seconds(600)
    private static let shapes: [(name: String, shape: WindowShape)] = [
        ("count", .count(within: within, newest: nil)), ("count newest 5", .count(within: within, newest: 5)),
        ("sum", .sum(within: within)), ("average", .average(within: within)), ("minimum", .minimum(within: within)),
        ("maximum", .maximum(within: within)), ("percentile 95", .percentile(within: within, rank: 95)),
        ("ratio", .ratio(within: within)), ("distinct", .distinct(within: within)),
        ("change of sum", .change(of: .sum, within: within, against: .seconds(1_800))),
        ("absent", .absent(after: within)), ("first_seen", .firstSeen(forgetAfter: within)),
        ("budget", .budget(BudgetShape(limit: 100, period: .day))),
    ]

    func run() throws {
        print("kind              600 inside  20,000 inside  in groups  bytes a group   resident")
        for (name, shape) in Self.shapes where only.map({ $0 == name }) ?? true {
            let (batched, said, grown) = Self.grouped(shape, events: events / 4, groups: groups)
            let some = Self.nanoseconds(shape, events: events, inside: 600)
            let many = Self.nanoseconds(shape, events: events, inside: 20_000)
            let columns = [some, many, batched, said, grown].map { String(Int($0.rounded())) }
            let widths = [12, 15, 11, 15, 11]
            let padded = zip(columns, widths).map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }
            print(name + String(repeating: " ", count: 16 - name.count) + padded.joined())
        }
    }

    /// The `index`-th input of a stream with 1,500 different texts and numbers over three magnitudes.
    private static func inputs(for shape: WindowShape) -> [WindowInput] {
        (0..<4_096).map { index in
            let scattered = index &* 2_654_435_761 % 1_499
            switch shape {
            case .count, .absent: return .one
            case .ratio: return .part(isMatch: scattered % 3 == 0)
            case .distinct, .firstSeen: return .text("customer-\(scattered)-of-a-usual-length")
            default: return .number(0.001 * Double(scattered + 1))
            }
        }
    }

    private static func instant(_ event: Int, inside: Int) -> Timestamp {
        Timestamp(microseconds: 1_700_000_000_000_000 + Int64(event) * (within.wholeMicroseconds / Int64(inside)))
    }

    /// Of one window that is full from the first measured event on.
    private static func nanoseconds(_ shape: WindowShape, events: Int, inside: Int) -> Double {
        let inputs = inputs(for: shape)
        var contents = WindowContents(shape)
        var sum = 0.0
        let add = { (event: Int) in
            let now = instant(event, inside: inside)
            contents.add(inputs[event % inputs.count], at: now, now: now)
            sum += contents.measure(at: now).value ?? 0
        }
        for event in 0..<inside { add(event) }
        let start = ContinuousClock.now
        for event in inside..<(inside + events) { add(event) }
        let time = start.duration(to: .now)
        precondition(sum.isFinite)
        return time / .nanoseconds(1) / Double(events)
    }

    /// Of many groups, in batches that could be taken back.
    private static func grouped(
        _ shape: WindowShape, events: Int, groups: Int
    ) -> (nanoseconds: Double, said: Double, grown: Double) {
        let inputs = inputs(for: shape)
        let before = residentBytes()
        var all = [WindowContents](repeating: WindowContents(shape), count: groups)
        for event in 0..<20 {
            let now = instant(event, inside: 60)
            for group in all.indices { all[group].add(inputs[(event * 31 + group) % inputs.count], at: now, now: now) }
        }
        let grown = residentBytes() - before
        let said = all.reduce(0) { $0 + $1.bytes }
        var sum = 0.0
        var former: [WindowContents] = []
        let start = ContinuousClock.now
        for event in 0..<events {
            let now = instant(20 * 100 + event, inside: 60 * 100)
            let group = event &* 2_654_435_761 % groups
            former.append(all[group])
            all[group].add(inputs[event % inputs.count], at: now, now: now)
            sum += all[group].measure(at: now).value ?? 0
            if event % 100 == 99 { former.removeAll(keepingCapacity: true) }
        }
        let time = start.duration(to: .now)
        precondition(sum.isFinite)
        let count = Double(groups)
        return (time / .nanoseconds(1) / Double(events), Double(said) / count, Double(grown) / count)
    }

    /// How much memory the process has in use, by the second figure of `statm` (proc(5)).
    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let figures = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        return (figures.count > 1 ? Int(figures[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
