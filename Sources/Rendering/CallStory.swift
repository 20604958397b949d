import Events

/// What one logged call came to, told from its facts: a sentence, a headline, a table, and texts for templates. An
/// event that says nothing of a call, as other senders' do, is told as an event.
struct CallStory {
    let isFailed: Bool
    let sentence: String
    let headline: String
    let rows: [MailStory.Row]
    let texts: [String: String]

    init(_ event: EventFacts) {
        let statusCode = event.int(.statusCode)
        let meaning = statusCode.flatMap(StatusMeaning.init(code:))
        isFailed = event.bool(.failed) ?? (meaning != nil)
        texts = Self.texts(event, statusCode: statusCode, meaning: meaning)
        let isCall = isFailed || Self.callTexts.contains { [texts] in texts[$0] != nil }
        rows = Self.rows(texts, isCall: isCall)
        let subject = Self.subject(event)
        let provider = event.phrase(.providerID)
        if isFailed {
            let status = meaning.map { "\(statusCode ?? 0) \($0.name)" }
            let at = provider.map { " at \($0)" } ?? ""
            sentence = "\(subject.long)\(at) failed\(status.map { " with \($0)" } ?? "")."
            headline =
                "\(subject.short) failed\(status.map { " with \($0)" } ?? "")\(provider.map { " (\($0))" } ?? "")"
        } else if !isCall {
            let type = event.phrase(.eventType)
            sentence = type.map { "An event of type \($0) came in." } ?? "An event came in."
            headline = type.map { "event of type \($0)" } ?? "an event"
        } else {
            let took = texts["latency"].map { "took \($0)" }
            let cost = texts["cost"].map { "cost \($0)" }
            let figures = [took, cost].compactMap { $0 }
            sentence =
                figures.isEmpty
                ? "\(subject.long) was logged." : "\(subject.long) \(figures.joined(separator: " and "))."
            headline =
                figures.isEmpty
                ? "\(subject.short) was logged" : "\(subject.short) \(figures.joined(separator: ", "))"
        }
    }

    /// The texts of which a call has at least one.
    private static let callTexts = [
        "model", "provider", "status", "log_type", "cost", "latency", "tokens", "prompt_name", "span_name", "workflow",
    ]

    /// Who acted: the model where there is one, else the kind of the span, else just an event.
    private static func subject(_ event: EventFacts) -> (long: String, short: String) {
        let kind = event.text(.logType).flatMap { kinds[$0] }
        if let model = event.phrase(.model) {
            return ("\(kind?.article ?? "A call") to \(model)", model)
        }
        if let kind { return (kind.article, kind.noun) }
        return ("A call", "A call")
    }

    /// The log types that the platform names; others are told as a call.
    private static let kinds: [String: (article: String, noun: String)] = [
        "embedding": ("An embedding call", "An embedding call"),
        "transcription": ("A transcription call", "A transcription call"),
        "speech": ("A speech call", "A speech call"),
        "workflow": ("A workflow", "A workflow"), "task": ("A task", "A task"), "tool": ("A tool call", "A tool call"),
        "agent": ("An agent run", "An agent run"), "handoff": ("A handoff", "A handoff"),
        "guardrail": ("A guardrail", "A guardrail"), "function": ("A function", "A function"),
        "score": ("A score", "A score"), "batch": ("A batch", "A batch"),
    ]

    private static func texts(
        _ event: EventFacts, statusCode: Int64?, meaning: StatusMeaning?
    ) -> [String: String] {
        var texts: [String: String] = [:]
        texts["status_code"] = statusCode.map(String.init)
        texts["status_name"] = meaning?.name
        texts["status_meaning"] = meaning?.sentence
        texts["status"] = status(event, statusCode: statusCode, meaning: meaning)
        let shown: [(name: String, fact: Fact)] = [
            ("event_type", .eventType), ("model", .model), ("provider", .providerID), ("customer", .customerIdentifier),
            ("environment", .environment), ("log_type", .logType), ("prompt_name", .promptName),
            ("span_name", .spanName), ("workflow", .spanWorkflowName), ("api_key_name", .organizationKeyName),
            ("event_id", .uniqueID), ("trace_id", .traceUniqueID), ("thread_id", .threadIdentifier),
        ]
        for (name, fact) in shown { texts[name] = event.shown(fact) }
        texts["event_id"] = texts["event_id"] ?? event.shown(.id)
        texts["cost"] = event.double(.cost).flatMap(FigureText.cost)
        texts["latency"] = event.double(.latency).flatMap(FigureText.latency)
        texts["time_to_first_token"] = event.double(.timeToFirstToken).flatMap(FigureText.latency)
        let prompt = event.int(.promptTokens).map(FigureText.grouped)
        let completion = event.int(.completionTokens).map(FigureText.grouped)
        let total = (event.int(.totalTokens) ?? event.int(.totalRequestTokens)).map(FigureText.grouped)
        texts["prompt_tokens"] = prompt
        texts["completion_tokens"] = completion
        texts["total_tokens"] = total
        let parts = [prompt.map { "\($0) in" }, completion.map { "\($0) out" }].compactMap { $0 }.joined(
            separator: ", ")
        texts["tokens"] = total.map { parts.isEmpty ? $0 : "\($0) (\(parts))" } ?? (parts.isEmpty ? nil : parts)
        texts["event_time"] = event.time(.timestamp).map(TimeText.full)
        return texts
    }

    /// `429 Too Many Requests`, `200, warning`, `error`.
    private static func status(_ event: EventFacts, statusCode: Int64?, meaning: StatusMeaning?) -> String? {
        let word = event.shown(.status, scalarsMax: 40)
        guard let statusCode else { return word }
        if let meaning { return "\(statusCode) \(meaning.name)" }
        return word.map { "\(statusCode), \($0)" } ?? String(statusCode)
    }

    private static func rows(_ texts: [String: String], isCall: Bool) -> [MailStory.Row] {
        let labels = [
            ("event_type", "Event type"), ("status", "Status"), ("model", "Model"), ("provider", "Provider"),
            ("customer", "Customer"),
            ("environment", "Environment"), ("latency", "Latency"), ("time_to_first_token", "First token"),
            ("cost", "Cost"), ("tokens", "Tokens"), ("prompt_name", "Prompt"), ("workflow", "Workflow"),
            ("span_name", "Span"), ("api_key_name", "API key name"), ("event_time", isCall ? "Time of call" : "Time"),
            ("event_id", isCall ? "Log ID" : "Event ID"), ("trace_id", "Trace ID"), ("thread_id", "Thread ID"),
        ]
        return labels.compactMap { name, label in texts[name].map { MailStory.Row(label: label, value: $0) } }
    }
}
