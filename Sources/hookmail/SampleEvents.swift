/// Invented request logs that `demo` posts and `init` suggests: one of each kind a user will meet.
enum SampleEvents {
    /// A label for the terminal and the body as a sender would write it.
    struct Sample: Sendable {
        let label: String
        let body: String
    }

    /// What the demo posts, in this order. The last but one is sent twice by the demo to show a duplicate.
    static let all: [Sample] = [
        Sample(
            label: "an ordinary chat",
            body: """
                {"unique_id": "demo-0001", "status": "success", "status_code": 200, "model": "gpt-4o-mini", \
                "provider_id": "openai", "cost": 0.00042, "latency": 1.31, "prompt_tokens": 412, \
                "completion_tokens": 96, "customer_identifier": "acme-gmbh", "environment": "prod", \
                "timestamp": "2026-11-23T09:00:01.120000Z", "metadata": {"feature": "support_chat"}, \
                "prompt_messages": [{"role": "system", "content": "You answer customers of Acme in two sentences."}, \
                {"role": "user", "content": "Where is my order? My address is jo@example.com."}], \
                "completion_message": {"role": "assistant", "content": "It left our house this morning and will be \
                with you on Thursday. You can follow it with the link in our last mail."}}
                """),
        Sample(
            label: "a failed call: rate limit at the provider",
            body: """
                {"unique_id": "demo-0002", "status": "error", "failed": true, "status_code": 429, \
                "model": "gpt-4o", "provider_id": "openai", "cost": 0, "latency": 0.38, "prompt_tokens": 2210, \
                "completion_tokens": 0, "customer_identifier": "acme-gmbh", "environment": "prod", \
                "error_message": "Rate limit reached for gpt-4o on tokens per min (TPM): limit 30000, used 29411. \
                Please try again in 1.2s.", "timestamp": "2026-11-23T09:00:07.902000Z", \
                "metadata": {"feature": "support_chat"}, "variables": {"question": "How do I change my plan?"}, \
                "prompt_messages": [{"role": "system", "content": "You answer customers of Acme in two sentences."}, \
                {"role": "user", "content": "How do I change my plan? Please charge 4111 1111 1111 1111."}]}
                """),
        Sample(
            label: "an expensive call",
            body: """
                {"unique_id": "demo-0003", "status": "success", "status_code": 200, \
                "model": "claude-3-opus-20240229", "provider_id": "anthropic", "cost": 1.8412, "latency": 48.6, \
                "prompt_tokens": 98214, "completion_tokens": 4902, "customer_identifier": "initech", \
                "environment": "prod", "timestamp": "2026-11-23T09:01:30.000000Z", \
                "metadata": {"feature": "contract_review", "plan": "enterprise"}, \
                "prompt_messages": [{"role": "user", "content": "List every clause of the attached contract that \
                limits our liability."}], "completion_message": {"role": "assistant", "content": "Three clauses do: \
                7.2, 9.1 and the second sentence of 12.4."}}
                """),
        Sample(
            label: "another failed call: the provider is down",
            body: """
                {"unique_id": "demo-0004", "status": "error", "failed": true, "status_code": 503, \
                "model": "claude-3-5-sonnet-20240620", "provider_id": "anthropic", "latency": 30.02, \
                "prompt_tokens": 804, "completion_tokens": 0, "customer_identifier": "initech", \
                "environment": "prod", "error_message": "Service temporarily unavailable", \
                "timestamp": "2026-11-23T09:02:11.430000Z", "metadata": {"feature": "contract_review"}, \
                "prompt_messages": [{"role": "user", "content": "Summarise the attached contract."}]}
                """),
    ]
    /// Four more calls that failed at the same provider, as the body of one request: with the last of `all` there are
    /// five.
    static let outage = Sample(
        label: "four more failed calls of that provider, in one request",
        body: "[" + (5...8).map(outageCall).joined(separator: ", ") + "]")

    private static func outageCall(_ number: Int) -> String {
        """
        {"unique_id": "demo-000\(number)", "status": "error", "failed": true, "status_code": 503, \
        "model": "claude-3-5-sonnet-20240620", "provider_id": "anthropic", "latency": 30.0\(number), \
        "prompt_tokens": 80\(number), "completion_tokens": 0, "customer_identifier": "initech", \
        "environment": "prod", "error_message": "Service temporarily unavailable", \
        "timestamp": "2026-11-23T09:02:1\(number).120000Z", "metadata": {"feature": "contract_review"}}
        """
    }
}
