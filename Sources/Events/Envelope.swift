/// What a body holds: the objects that are events, with whatever was wrapped around them taken off.
///
/// An object is **itself a log** when it has a member that only logs have (`Envelope.marks`), and nothing is taken off
/// it. Any other object is an **envelope** when a member named `data`, `request_log`, `log`, `event`, `payload` or
/// `results`, in this order, is an object or an array of objects; these are looked at in the same way, four levels
/// deep.
/// An object that is neither is an event of its own, also `{}`: no field is mandatory, so it is one without facts.
///
/// That is how the bodies of request logs are read. Other senders' events keep their shape (`Unwrapping`).
struct Envelope {
    /// What is taken off around an event.
    enum Unwrapping {
        /// Every envelope: the sender sends request logs and nothing else.
        case always
        /// Envelopes whose every event is recognisably a request log; anything else is an event as it stands.
        case logsOnly
        /// Nothing: the event is what the sender's documentation says.
        case never
    }

    /// An event found in a body.
    struct Event {
        let node: Int
        /// The event type that the sender names: in the outermost envelope, or in an event that is no log.
        let type: String?
        /// Whether it is, as far as can be told, a request log.
        let isLog: Bool
    }

    /// The events, in order.
    private(set) var events: [Event] = []
    /// Whether the body or what it wraps is an array.
    private(set) var isArray = false

    /// Levels of wrapping that are taken off.
    private static let levelsMax = 4
    /// The most events of one body.
    static let eventsMax = 10_000
    /// A longer text is no event type.
    private static let typeBytesMax = 128

    private init() {}

    /// The events of a document, or `nil` when it holds none: a scalar, an empty array, an array with anything but
    /// objects, or more than `eventsMax`.
    static func open(_ document: JSONDocument, _ unwrapping: Unwrapping = .always) -> Envelope? {
        if unwrapping != .never, let opened = opened(document, levelsMax: levelsMax) {
            if unwrapping == .always || opened.events.allSatisfy({ isLog($0.node, document) }) { return opened }
        } else if unwrapping == .always {
            return nil
        }
        guard var closed = opened(document, levelsMax: 0) else { return nil }
        closed.events = closed.events.map {
            Event(node: $0.node, type: foreignType(of: $0.node, document), isLog: false)
        }
        return closed
    }

    private static func opened(_ document: JSONDocument, levelsMax: Int) -> Envelope? {
        var envelope = Envelope()
        let isWhole = envelope.take(0, of: document, type: nil, level: 0, levelsMax: levelsMax)
        return isWhole && !envelope.events.isEmpty ? envelope : nil
    }

    /// Takes the events in a value; `false` when something in it is none.
    private mutating func take(
        _ node: Int, of document: JSONDocument, type: String?, level: Int, levelsMax: Int
    ) -> Bool {
        switch document.nodes[node].kind {
        case .array:
            isArray = true
            for element in document.elements(of: node) {
                guard document.nodes[element].kind == .object,
                    take(element, of: document, type: type, level: level + 1, levelsMax: levelsMax)
                else { return false }
            }
            return true
        case .object:
            if level < levelsMax, let inner = Self.wrapped(in: node, of: document) {
                let type = type ?? Self.type(of: node, document)
                return take(inner, of: document, type: type, level: level + 1, levelsMax: levelsMax)
            }
            events.append(Event(node: node, type: type, isLog: true))
            return events.count <= Self.eventsMax
        default:
            return false
        }
    }

    /// The value inside an envelope, or `nil` when the object is none.
    private static func wrapped(in node: Int, of document: JSONDocument) -> Int? {
        var candidates: [Int?] = Array(repeating: nil, count: wrappers.count)
        for (key, value) in document.members(of: node) {
            if marks.contains(where: { document.isText(key, equalTo: $0) }) { return nil }
            if let place = wrappers.firstIndex(where: { document.isText(key, equalTo: $0) }) {
                candidates[place] = value
            }
        }
        return candidates.lazy.compactMap { $0 }.first { isObjects($0, document) }
    }

    /// Whether a value is an object or an array that begins with one.
    private static func isObjects(_ node: Int, _ document: JSONDocument) -> Bool {
        switch document.nodes[node].kind {
        case .object: true
        case .array: document.nodes[node].next > node + 1 && document.nodes[node + 1].kind == .object
        default: false
        }
    }

    /// Whether an object is recognisably a request log: it has a member that nothing else has, or two that logs have.
    private static func isLog(_ node: Int, _ document: JSONDocument) -> Bool {
        var found = 0
        for (key, _) in document.members(of: node) where marks.contains(where: { document.isText(key, equalTo: $0) }) {
            found += sureMarks.contains { document.isText(key, equalTo: $0) } ? 2 : 1
            if found >= 2 { return true }
        }
        return false
    }

    /// What an event that is no log calls itself. Slack's `event_callback` names what it brings one level below.
    private static func foreignType(of node: Int, _ document: JSONDocument) -> String? {
        let own = type(of: node, document)
        guard own == "event_callback", let inner = document.member("event", of: node),
            document.nodes[inner].kind == .object
        else { return own }
        return type(of: inner, document) ?? own
    }

    /// What an envelope calls its event: the first text among `event_type`, `type` and `event`.
    private static func type(of node: Int, _ document: JSONDocument) -> String? {
        let names: [StaticString] = ["event_type", "type", "event"]
        return names.lazy.compactMap { document.member($0, of: node) }
            .map { document.nodes[$0] }
            .first { $0.kind == .string && 1...UInt32(typeBytesMax) ~= $0.length }
            .map { document.string($0) }
    }

    private static let wrappers: [StaticString] = ["data", "request_log", "log", "event", "payload", "results"]

    /// Members that nothing but a request log of the platform has.
    private static let sureMarks: [StaticString] = [
        "unique_id", "total_request_tokens", "prompt_messages", "completion_message", "full_request", "log_method",
        "customer_identifier", "span_unique_id", "trace_unique_id",
    ]

    /// Members that logs have and envelopes have not.
    private static let marks: [StaticString] = [
        "unique_id", "model", "status_code", "latency", "generation_time", "cost", "prompt_tokens",
        "completion_tokens", "total_request_tokens", "prompt_messages", "completion_message", "full_request",
        "log_type", "log_method", "error_message", "customer_identifier", "span_unique_id", "trace_unique_id",
    ]
}
