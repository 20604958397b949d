import Events

/// The names that templates and subjects may use. Every text may also open a section, which shows when the text exists.
package enum TemplateVocabulary {
    /// Single texts, each left out when there is nothing to tell.
    package static let texts: [String: String] = [
        "subject": "the finished subject",
        "severity": "urgent, high, medium or low",
        "severity_color": "a colour for the severity, as #rrggbb",
        "rule": "the rule's name",
        "group": "the value of the rule's group",
        "happened": "one sentence: what happened",
        "status": "the status code with its name, such as 429 Too Many Requests",
        "status_code": "the status code",
        "status_name": "the name of a failed call's status code",
        "status_meaning": "one sentence: what a failed call's status code means",
        "model": "the model",
        "provider": "the provider",
        "customer": "the customer's identifier",
        "environment": "the environment, such as prod",
        "cost": "the cost, such as $0.0007",
        "latency": "the time the call took, such as 4.5 s",
        "time_to_first_token": "the time to the first token",
        "tokens": "total, prompt and completion tokens",
        "prompt_tokens": "the prompt's tokens",
        "completion_tokens": "the completion's tokens",
        "total_tokens": "all tokens",
        "log_type": "the kind of log, such as chat",
        "prompt_name": "the name of the managed prompt",
        "span_name": "the span",
        "workflow": "the workflow the span belongs to",
        "api_key_name": "the name of the platform's API key",
        "event": "the event's number in the store",
        "event_id": "the event's own id",
        "event_type": "what the sender calls the event, such as issues",
        "event_time": "the time of the call, in UTC",
        "trace_id": "the trace",
        "thread_id": "the thread",
        "error_text": "the error's text, from the event, cut to 500 characters",
        "content_note": "which content the rule lists and the mail cannot show, and why",
        "condition": "the rule's condition as written",
        "condition_line": "the sentence before the condition",
        "breakdown_line": "the sentence above where the matches come from",
        "log_url": "the address of the event's log on its platform (`log_url` of the configuration)",
        "log_label": "what the link to that log is called",
        "explain_line": "the command that explains the event, as a sentence",
        "decided_line": "event, notification and time of the decision as a sentence",
        "decided_at": "when it was decided, in UTC",
        "held_back": "how many matches were held back since the last mail",
        "held_back_since": "when the first of them was, in UTC",
        "held_back_line": "the same as a sentence",
        "throttle": "the rule's at_most",
        "next_mail": "the earliest time of the rule's next mail, in UTC",
        "why": "the last line: why this mail was sent",
        "notification": "the notification's id",
        "badge": "what stands at the head: the severity, or how an alert ended",
        "badge_color": "a colour for the badge, as #rrggbb",
        "reason":
            "why the mail was made: matched, fired, reminder, recovered, no_traffic, "
            + "rule_changed, first_seen, digest, quiet_ended or overflow; trouble, report or test",
        "value": "what the window measured, such as 7 or $12.40",
        "threshold": "the window's threshold, such as at least 5",
        "within": "how far back the window looks, such as 10m",
        "since": "since when the threshold has been passed, in UTC",
        "lasted": "how long the alert has lasted, such as 23m",
        "peak": "the value farthest beyond the threshold",
        "samples": "how many events stand behind the value",
        "reminder_number": "which reminder it is, such as 2nd",
        "new_value": "the value that was seen for the first time, from the event",
        "limit_line": "when the rule speaks up, as a sentence",
        "trend_line": "the sentence above the trend",
        "trend_words": "the trend's figures in one line",
        "trend_from": "when the trend begins",
        "trend_to": "when the trend ends, in UTC",
        "inhibits_line": "which rules the alert keeps quiet, as a sentence",
        "withheld_line": "who is not told now and why, as a sentence",
        "event_line": "the sentence above the facts of the event behind an alert",
        "total_count": "how many matches a summary has",
        "total_cost": "what they cost together",
        "summary_total": "both as a sentence, with their times",
        "snooze_url":
            "the link that holds mails of the same rule and group back for an hour; like the next "
            + "two there with `public_url` alone",
        "details_url": "the link that tells why the mail was sent, and offers the other two",
        "unsubscribe_url": "the link that keeps the rule's mails from the recipient",
        "advice": "what to do, in a mail that is about Hookmail itself",
        "summary_rest": "how many matches are beyond the lines of a summary, as a sentence",
    ]

    /// Sections that are shown or not.
    package static let flags: [String: String] = [
        "failed": "the event is a failed call",
        "has_facts": "there are facts to show",
        "has_deciding": "there are values that decided",
        "has_content": "there is content to show",
        "has_figures": "a window measured something",
        "has_trend": "there is a trend to show",
        "has_clusters": "there are failures told by the form of their error",
        "has_summary": "the mail is a summary with lines",
        "has_notes": "the mail is about Hookmail itself, and has things to tell",
        "is_end": "an alert ended",
        "is_reminder": "an alert lasts",
    ]

    /// Sections that repeat, with the names inside them.
    package static let lists: [String: [String]] = [
        "facts": ["label", "value"],
        "deciding": ["name", "value"],
        "error_lines": ["line"],
        "condition_lines": ["line"],
        "content": ["content_label", "content_more"],
        "figures": ["label", "value"],
        "trend": ["time", "value", "bar"],
        "summary": ["line_count", "line_title", "line_error", "line_sample", "line_detail", "line_log_url"],
        "notes": ["note_title", "note_detail"],
        "rankings": ["ranking_label"],
        "clusters": ["cluster_count", "cluster_signature", "cluster_sample", "cluster_detail", "cluster_log_url"],
    ]

    /// Sections that repeat inside one round of another section, by that one's name.
    package static let innerLists: [String: [String: [String]]] = [
        "content": ["content_lines": ["line"]],
        "rankings": ["ranking_parts": ["part_value", "part_amount", "part_share", "part_change"]],
    ]

    /// What stands inside a list, or a list within a list; `nil` for a name that is none.
    static func members(ofList name: String) -> [String]? {
        lists[name] ?? innerLists.values.lazy.compactMap { $0[name] }.first
    }

    /// Texts of an event's content that a `subject` may use when the rule lists them under `content`.
    package static let subjectTexts: [String] = ContentPath.Field.allCases.filter { !$0.needsMembers }.map(\.rawValue)

    /// Every name, sorted: for hints and documentation.
    package static let names: [String] =
        (Array(texts.keys) + flags.keys + lists.keys + innerLists.values.flatMap(\.keys)).sorted()
}
