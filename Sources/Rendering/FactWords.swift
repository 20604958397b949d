import Events

/// What facts are called in sentences and tables.
enum FactWords {
    /// The name of a fact, or of an expression as written, in a sentence: `latency`, `total tokens`, `“cost * 2”`.
    static func name(_ expression: String) -> String {
        if let fact = Fact.named(expression) { return nouns[fact]?.one ?? spaced(fact.name) }
        return "“\(OwnText.line(expression, scalarsMax: 40) ?? "value")”"
    }

    /// Different values of it: `customers`, `different values of event type` without the first word.
    static func plural(_ expression: String) -> String {
        Fact.named(expression).flatMap { nouns[$0]?.many } ?? "values of \(name(expression))"
    }

    /// The head of a table's row: `Provider`, `metadata.team`.
    static func label(_ expression: String) -> String {
        guard let fact = Fact.named(expression) else { return expression }
        let text = nouns[fact]?.one ?? spaced(fact.name)
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static let nouns: [Fact: (one: String, many: String)] = [
        .customerIdentifier: ("customer", "customers"), .model: ("model", "models"),
        .providerID: ("provider", "providers"), .errorSignature: ("error", "kinds of error"),
        .environment: ("environment", "environments"), .promptName: ("prompt", "prompts"),
        .organizationKeyName: ("API key", "API keys"), .traceUniqueID: ("trace", "traces"),
        .threadIdentifier: ("thread", "threads"), .statusCode: ("status code", "status codes"),
        .spanWorkflowName: ("workflow", "workflows"), .spanName: ("span", "spans"),
    ]

    private static func spaced(_ name: String) -> String {
        name.split(separator: "_").joined(separator: " ")
    }
}
