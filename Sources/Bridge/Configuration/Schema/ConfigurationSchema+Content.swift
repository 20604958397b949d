import Expressions
import Rendering
import Rules

/// `redact` and `log_url`: what mails hide of events, and where they lead.
extension ConfigurationSchema {
    static var redaction: SchemaNode {
        SchemaNode.named(
            .text(bytesMax: ExpressionLimits.patternScalarsMax).described(
                "A regular expression of RE2.", examples: ["'ORD-[0-9]{6}'"]),
            namePattern: "^[A-Za-z0-9_-]([A-Za-z0-9 _-]*[A-Za-z0-9_-])?$", countMax: RedactionPatterns.countMax
        ).described(
            "What is taken out of every text from events in mails, beside keys, tokens, card numbers and e-mail "
                + "addresses: names and patterns. The name in brackets stands where a match was.")
    }

    static var logURL: SchemaNode {
        SchemaNode.text(pattern: "^https?://[^/?#{}]+[/?#].*\\{.+\\}.*$", bytesMax: LogLink.patternBytesMax).described(
            "Where an event's log stands on its platform, with facts in braces: mails link to it.",
            examples: ["https://platform.example.com/logs/{unique_id}"])
    }
}
