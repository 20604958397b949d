import Events
import Rendering
import Rules

/// Notifications for tests, from the JSON text of a log.
enum Sample {
    private static let rateLimit =
        "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29411, "
        + "Requested 1234."

    /// A failed call with everything that a mail can show.
    static let failedLog = #"""
        {"unique_id":"806a7bba796f400abacc982b5778c986","status":"error","status_code":429,"model":"gpt-4o",
        "provider_id":"openai","customer_identifier":"acme","environment":"prod","latency":4.512,"cost":0.0007,
        "time_to_first_token":0.412,"prompt_tokens":1200,"completion_tokens":34,"total_request_tokens":1234,
        "prompt_name":"Release notes","span_name":"summarise","span_workflow_name":"weekly report",
        "organization_key_name":"Default","trace_unique_id":"tr_01HV3Z","thread_identifier":"th_77","log_type":"chat",
        "timestamp":"2026-11-19T08:01:02.041572Z",
        "error_message":"\#(rateLimit)\nPlease try again in 1.29s."}
        """#

    /// A call that went well.
    static let plainLog = #"""
        {"unique_id":"c0ffee","status":"success","status_code":200,"model":"claude-3-5-haiku","provider_id":"anthropic",
        "customer_identifier":"globex","environment":"prod","latency":0.1425,"cost":3.0,"prompt_tokens":919,
        "completion_tokens":31,"timestamp":"2026-02-11T08:01:48Z","log_type":"chat"}
        """#

    /// What is no call at all: an event of another sender, which names its type in the body.
    static let issueOpened = #"""
        {"id":"evt_17","event_type":"issues","action":"opened","issue":{"number":7,"title":"It <b>burns</b> & smokes"}}
        """#

    static func notification(
        _ log: String, id: String = "1042-0", rule: String = "failed-calls", group: String? = nil,
        severity: Severity = .medium, template: String? = nil, subject: String? = nil,
        condition: String? = "failed and environment == \"prod\"",
        deciding: [Notification.DecidingValue] = [
            .init(name: "failed", value: "true"), .init(name: "environment", value: "\"prod\""),
        ],
        heldBack: Int = 0, throttle: String? = nil, content: [String] = [], hasBody: Bool = true
    ) throws -> Notification {
        let at = Timestamp(seconds: 1_795_075_263)
        let notification = Notification(
            id: id, rule: rule, group: group, reason: .matched, severity: severity, at: at,
            recipients: ["ops@example.com"], template: template, subject: subject, holdsThrottleSlot: throttle != nil,
            figures: .init(
                event: 1_042, facts: try Facts(log: Array(log.utf8)), condition: condition, deciding: deciding,
                heldBack: heldBack, heldBackSince: heldBack > 0 ? at.advanced(by: .seconds(-840)) : nil,
                throttle: throttle, nextMailAt: throttle != nil ? at.advanced(by: .seconds(900)) : nil))
        guard !content.isEmpty else { return notification }
        let asking = notification.showing(ShownContent(wanted: try content.map { try ContentPath(parsing: $0) }))
        return asking.showing(ContentExcerpt.content(for: asking, body: hasBody ? Array(log.utf8) : nil))
    }

    /// A failed call with everything that content may be.
    static let conversation = #"""
        {"unique_id":"c0ffee02","status":"error","status_code":500,"model":"gpt-4o","provider_id":"openai",
        "environment":"prod","error_message":"upstream timed out","prompt_messages":[
        {"role":"system","content":"You answer customers of Acme.\nBe brief."},
        {"role":"user","content":[{"type":"text","text":"I am jo.doe@example.com. Is 4111 1111 1111 1111 on file?"},
        {"type":"image_url","image_url":{"url":"https://files.example.com/card.png?signature=CANARY1"}}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":
        {"name":"find_card","arguments":"{\"customer\":\"jo\"}"}}]},
        {"role":"tool","content":"{\"found\":false}"},
        {"role":"user","content":"Then use sk-proj-CANARY2abcdefghij0123 at https://pay.example/now, please."}],
        "completion_message":{"role":"assistant","content":null,"tool_calls":[{"type":"function","function":
        {"name":"ask_human","arguments":"{\"why\":\"no card\"}"}}]},
        "variables":{"question":"Is my card on file?","limit":3},
        "full_response":{"error":{"code":500,"message":"upstream"},"api_key":"CANARY3"},
        "metadata":{"note":"seen at 10:00"}}
        """#

    /// A log whose texts are all `text`.
    static func log(allTexts text: String) -> String {
        var object = JSONObject()
        for name in [
            "model", "provider_id", "customer_identifier", "environment", "prompt_name", "span_name", "unique_id",
            "span_workflow_name", "organization_key_name", "trace_unique_id", "thread_identifier", "error_message",
            "log_type",
        ] {
            object[name] = .string(text)
        }
        object["prompt_messages"] = .array([
            .object(JSONObject([("role", .string("user")), ("content", .string(text))])),
            .object(JSONObject([("role", .string(text)), ("content", .string("x"))])),
        ])
        object["variables"] = .object(JSONObject([("text", .string(text)), (text, .string("y"))]))
        object["status"] = .string("error")
        object["status_code"] = .int(500)
        return String(decoding: JSONValue.object(object).encoded(), as: UTF8.self)
    }
}
