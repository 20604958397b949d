import Events
import Rendering
import Rules

/// What the operators' desk remembers between two looks, and over a restart.
struct OperatorMemory: Sendable, Equatable {
    /// How the report stands under a schedule.
    struct Report: Sendable, Equatable {
        /// The schedule, as people write it.
        let schedule: String
        /// When the last report went out; before the first one, when the schedule began to count.
        var since: Timestamp
    }

    var ledger = TroubleLedger()
    /// How many dead mails there were when operators were told of them last, or when the desk began to count.
    var deadKnown: Int64?
    /// `nil` without a schedule.
    var report: Report?

    init() {}

    /// Moves its instants with a clock that was set.
    mutating func shift(by step: Duration) {
        ledger.shift(by: step)
        if let since = report?.since { report?.since = since.advanced(by: step) }
    }
}

extension OperatorMemory {
    /// The form in which a store keeps it: JSON, instants in microseconds.
    var content: [UInt8] {
        var object = JSONObject()
        object["told"] = .object(JSONObject(ledger.told.sorted { $0.key < $1.key }.map { ($0, $1.json) }))
        object["pending"] = .array(ledger.pending.map(\.json))
        object["earliest"] = ledger.earliest?.json ?? .null
        object["dead_known"] = deadKnown.map { .int($0) } ?? .null
        if let report {
            var standing = JSONObject()
            standing["schedule"] = .string(report.schedule)
            standing["since"] = report.since.json
            object["report"] = .object(standing)
        }
        return JSONValue.object(object).encoded()
    }

    /// Reads what was kept; `nil` where it cannot be read. A trouble that this Hookmail does not know is left out.
    init?(content: [UInt8]) {
        guard let value = try? JSONValue.decode(content), let object = value.object else { return nil }
        var told: [String: Timestamp] = [:]
        for member in object["told"]?.object?.members ?? [] { told[member.key] = Timestamp(json: member.value) }
        ledger = TroubleLedger(
            pending: (object["pending"]?.array ?? []).compactMap { TimedTrouble(json: $0) }, told: told,
            earliest: Timestamp(json: object["earliest"]))
        deadKnown = object["dead_known"]?.int
        if let schedule = object["report"]?["schedule"]?.string,
            let since = Timestamp(json: object["report"]?["since"])
        {
            report = Report(schedule: schedule, since: since)
        }
    }
}

extension Timestamp {
    fileprivate var json: JSONValue { .int(microseconds) }

    fileprivate init?(json: JSONValue?) {
        guard let microseconds = json?.int else { return nil }
        self.init(microseconds: microseconds)
    }
}

extension TimedTrouble {
    fileprivate var json: JSONValue {
        var object = trouble.json
        object["since"] = since.json
        object["until"] = until?.json ?? .null
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let trouble = Trouble(json: json), let since = Timestamp(json: json["since"]) else { return nil }
        self.init(trouble, since: since, until: Timestamp(json: json["until"]))
    }
}

extension Trouble {
    fileprivate var json: JSONObject {
        var object = JSONObject()
        func set(_ kind: String, _ members: [JSONObject.Member] = []) {
            object["kind"] = .string(kind)
            for member in members { object[member.key] = member.value }
        }
        switch self {
        case .held(let words): set("held", [("words", .string(words))])
        case .serverPassedOver(let server, let words):
            set("server", [("server", .string(server)), ("words", .string(words))])
        case .storeFull(let free): set("store_full", [("free_bytes", free.map { .int($0) } ?? .null)])
        case .evaluationStands: set("evaluation")
        case .mailsWait: set("mails_wait")
        case .deadMails(let count): set("dead_mails", [("count", .int(count))])
        case .faultyRule(let rule, let faults, let events, let within):
            set(
                "faulty_rule",
                [
                    ("rule", .string(rule)), ("faults", .int(Int64(faults))), ("events", .int(Int64(events))),
                    ("within", .int(within.wholeMicroseconds)),
                ])
        }
        return object
    }

    fileprivate init?(json: JSONValue) {
        let words = json["words"]?.string
        switch json["kind"]?.string {
        case "held":
            guard let words else { return nil }
            self = .held(words: words)
        case "server":
            guard let words, let server = json["server"]?.string else { return nil }
            self = .serverPassedOver(server, words: words)
        case "store_full": self = .storeFull(freeBytes: json["free_bytes"]?.int)
        case "evaluation": self = .evaluationStands
        case "mails_wait": self = .mailsWait
        case "dead_mails":
            guard let count = json["count"]?.int else { return nil }
            self = .deadMails(count)
        case "faulty_rule":
            guard let rule = json["rule"]?.string, let faults = json["faults"]?.int,
                let events = json["events"]?.int, let within = json["within"]?.int
            else { return nil }
            self = .faultyRule(rule, faults: Int(faults), events: Int(events), within: .microseconds(within))
        default: return nil
        }
    }
}
