/// What is known about one fact.
struct FactDescription {
    let fact: Fact
    let name: String
    let type: FactType
    let unit: String?

    init(_ fact: Fact, _ name: String, _ type: FactType, _ unit: String? = nil) {
        self.fact = fact
        self.name = name
        self.type = type
        self.unit = unit
    }
}

/// The names, types and units of all facts.
extension FactDescription {
    /// Every fact's description, at the index of its raw value.
    static let all: [FactDescription] = [
        outcome, identity, model, cost, speed, tokens, customer, grouping, settings, structured,
    ].joined().sorted { $0.fact.rawValue < $1.fact.rawValue }

    /// The names and types alone, for those who ask for every event.
    static let names = all.map(\.name)
    static let types = all.map(\.type)

    private static let outcome: [FactDescription] = [
        .init(.failed, "failed", .bool),
        .init(.status, "status", .string),
        .init(.statusCode, "status_code", .int),
        .init(.errorBit, "error_bit", .int),
        .init(.budgetBlocked, "budget_blocked", .bool),
        .init(.errorSignature, "error_signature", .string),
        .init(.errorMessage, "error_message", .string),
        .init(.hasWarnings, "has_warnings", .bool),
        .init(.eventType, "event_type", .string),
    ]

    private static let identity: [FactDescription] = [
        .init(.uniqueID, "unique_id", .string),
        .init(.id, "id", .string),
        .init(.fullUniqueID, "full_unique_id", .string),
        .init(.logType, "log_type", .string),
        .init(.logMethod, "log_method", .string),
        .init(.environment, "environment", .string),
        .init(.isTest, "is_test", .bool),
        .init(.timestamp, "timestamp", .timestamp),
        .init(.startTime, "start_time", .timestamp),
        .init(.isExample, "is_example", .bool),
    ]

    private static let model: [FactDescription] = [
        .init(.model, "model", .string),
        .init(.providerID, "provider_id", .string),
        .init(.deploymentName, "deployment_name", .string),
        .init(.foundationModel, "foundation_model", .string),
        .init(.fullModelName, "full_model_name", .string),
        .init(.callingModel, "calling_model", .string),
        .init(.stream, "stream", .bool),
        .init(.cached, "cached", .bool),
        .init(.cacheBit, "cache_bit", .int),
        .init(.cacheMissBit, "cache_miss_bit", .int),
        .init(.usedCustomCredential, "used_custom_credential", .bool),
    ]

    private static let cost: [FactDescription] = [
        .init(.cost, "cost", .double, "USD"),
        .init(.evaluationCost, "evaluation_cost", .double, "USD"),
        .init(.amountToPay, "amount_to_pay", .double, "USD"),
        .init(.promptUnitPrice, "prompt_unit_price", .double, "USD per 1M tokens"),
        .init(.completionUnitPrice, "completion_unit_price", .double, "USD per 1M tokens"),
        .init(.coveredBy, "covered_by", .string),
    ]

    private static let speed: [FactDescription] = [
        .init(.latency, "latency", .double, "s"),
        .init(.timeToFirstToken, "time_to_first_token", .double, "s"),
        .init(.tokensPerSecond, "tokens_per_second", .double, "tokens/s"),
        .init(.routingTime, "routing_time", .double, "s"),
    ]

    private static let tokens: [FactDescription] = [
        .init(.totalTokens, "total_tokens", .int, "tokens"),
        .init(.promptTokens, "prompt_tokens", .int, "tokens"),
        .init(.completionTokens, "completion_tokens", .int, "tokens"),
        .init(.totalRequestTokens, "total_request_tokens", .int, "tokens"),
        .init(.promptCacheHitTokens, "prompt_cache_hit_tokens", .int, "tokens"),
        .init(.promptCacheCreationTokens, "prompt_cache_creation_tokens", .int, "tokens"),
        .init(.reasoningTokens, "reasoning_tokens", .int, "tokens"),
    ]

    private static let customer: [FactDescription] = [
        .init(.customerIdentifier, "customer_identifier", .string),
        .init(.customerName, "customer_name", .string),
        .init(.customerEmail, "customer_email", .string),
        .init(.user, "user", .string),
        .init(.userEmail, "user_email", .string),
        .init(.organizationName, "organization_name", .string),
        .init(.organizationID, "organization_id", .string),
        .init(.uniqueOrganizationID, "unique_organization_id", .string),
        .init(.organization, "organization", .string),
        .init(.organizationKeyName, "organization_key_name", .string),
        .init(.organizationKeyID, "organization_key_id", .string),
        .init(.ipAddress, "ip_address", .string),
    ]

    private static let grouping: [FactDescription] = [
        .init(.promptID, "prompt_id", .string),
        .init(.promptName, "prompt_name", .string),
        .init(.promptVersionNumber, "prompt_version_number", .int),
        .init(.threadIdentifier, "thread_identifier", .string),
        .init(.customIdentifier, "custom_identifier", .string),
        .init(.groupIdentifier, "group_identifier", .string),
        .init(.sessionIdentifier, "session_identifier", .string),
        .init(.evaluationIdentifier, "evaluation_identifier", .string),
        .init(.traceUniqueID, "trace_unique_id", .string),
        .init(.traceGroupIdentifier, "trace_group_identifier", .string),
        .init(.spanUniqueID, "span_unique_id", .string),
        .init(.spanParentID, "span_parent_id", .string),
        .init(.spanName, "span_name", .string),
        .init(.spanPath, "span_path", .string),
        .init(.spanWorkflowName, "span_workflow_name", .string),
    ]

    private static let settings: [FactDescription] = [
        .init(.temperature, "temperature", .double),
        .init(.topP, "top_p", .double),
        .init(.maxTokens, "max_tokens", .int, "tokens"),
        .init(.n, "n", .int),
        .init(.hasWebhook, "has_webhook", .bool),
        .init(.hasToolCalls, "has_tool_calls", .bool),
        .init(.blurred, "blurred", .bool),
        .init(.positiveFeedback, "positive_feedback", .bool),
        .init(.category, "category", .string),
        .init(.note, "note", .string),
        .init(.hourGroup, "hour_group", .timestamp),
        .init(.minuteGroup, "minute_group", .timestamp),
        .init(.periodStart, "period_start", .timestamp),
        .init(.periodEnd, "period_end", .timestamp),
        .init(.statusInEvalSet, "status_in_eval_set", .string),
    ]

    private static let structured: [FactDescription] = [
        .init(.metadata, "metadata", .object),
        .init(.scores, "scores", .object),
        .init(.limitInfo, "limit_info", .object),
        .init(.warnings, "warnings", .any),
        .init(.warningsDict, "warnings_dict", .object),
        .init(.recommendations, "recommendations", .any),
        .init(.usage, "usage", .object),
        .init(.customerParams, "customer_params", .object),
        .init(.respanParams, "respan_params", .object),
        .init(.respanApiControls, "respan_api_controls", .object),
        .init(.componentCosts, "component_costs", .object),
        .init(.unitPrices, "unit_prices", .object),
        .init(.stop, "stop", .any),
        .init(.toolChoice, "tool_choice", .any),
    ]
}
