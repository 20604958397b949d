/// One flat name that rules may use: a field of a request log that is no content, or a value derived from such fields.
///
/// The cases stand in the order in which facts are kept when an event has more than fit. Texts of prompts, answers and
/// variables are content, not facts. Raw values are not stable and are never stored.
package enum Fact: Int, CaseIterable, Sendable {
    // MARK: What came of the call

    /// Derived: `failed` is true, `error_bit` is 1, `status` is error or failed, or `status_code` is 400 or more.
    /// Never absent.
    case failed
    /// The platform's word: success, error, failed, warning, pending, running.
    case status
    /// The HTTP status of the call.
    case statusCode
    /// 1 for an error.
    case errorBit
    /// Derived: `limit_info` says that the call was not allowed. Never absent.
    case budgetBlocked
    /// Derived: `error_message` with its ids, numbers, quotes and addresses replaced, so that like errors read alike.
    case errorSignature
    /// The provider's or the platform's words; free text, possibly hostile.
    case errorMessage
    /// Whether there are warnings.
    case hasWarnings
    /// What the sender calls the event: a header (`X-GitHub-Event`), the envelope, or the event's own `event_type`.
    /// Absent when it names none, as in a bare request log.
    case eventType

    // MARK: Which call it was

    /// The id for fetching the log.
    case uniqueID
    /// The record's id.
    case id
    /// The long form of `unique_id`.
    case fullUniqueID
    /// chat, embedding, workflow, tool, …
    case logType
    /// How the log came to the platform.
    case logMethod
    /// prod, test, or any text.
    case environment
    /// The older twin of `environment`.
    case isTest
    /// The end of the call.
    case timestamp
    /// The beginning of the call.
    case startTime
    /// A sample made by the platform.
    case isExample

    // MARK: What was called

    /// The model's name.
    case model
    /// openai, anthropic, or the user's own id.
    case providerID
    /// The deployment that answered.
    case deploymentName
    /// The model family.
    case foundationModel
    /// The name with its provider.
    case fullModelName
    /// The name that the caller gave.
    case callingModel
    /// Whether the answer was streamed.
    case stream
    /// Whether the answer came from the cache; also from `cache_bit`.
    case cached
    /// 1 for a cached answer; also from `cached`.
    case cacheBit
    /// 1 for an answer that was not in the cache.
    case cacheMissBit
    /// Whether the caller's own provider key was used.
    case usedCustomCredential

    // MARK: What it cost

    /// The whole call. Unit: USD.
    case cost
    /// The evaluators' share. Unit: USD.
    case evaluationCost
    /// What is billed. Unit: USD.
    case amountToPay
    /// Price of the prompt. Unit: USD per 1M tokens.
    case promptUnitPrice
    /// Price of the completion. Unit: USD per 1M tokens.
    case completionUnitPrice
    /// Who pays.
    case coveredBy

    // MARK: How long it took

    /// The whole call. Unit: s.
    case latency
    /// Until the first token of a stream. Unit: s.
    case timeToFirstToken
    /// Output speed. Unit: tokens/s.
    case tokensPerSecond
    /// Time inside the gateway. Unit: s.
    case routingTime

    // MARK: How much went through

    /// Derived: `total_request_tokens`, else prompt and completion tokens together. Unit: tokens.
    case totalTokens
    /// Input. Unit: tokens.
    case promptTokens
    /// Output. Unit: tokens.
    case completionTokens
    /// The sum as the platform wrote it. Unit: tokens.
    case totalRequestTokens
    /// Read from the provider's cache. Unit: tokens.
    case promptCacheHitTokens
    /// Written to the provider's cache. Unit: tokens.
    case promptCacheCreationTokens
    /// Spent on reasoning. Unit: tokens.
    case reasoningTokens

    // MARK: For whom

    /// The end user; integers read as texts.
    case customerIdentifier
    /// The end user's name.
    case customerName
    /// The end user's address.
    case customerEmail
    /// The account that called.
    case user
    /// The address of that account.
    case userEmail
    /// The organisation's name.
    case organizationName
    /// The organisation's id.
    case organizationID
    /// The organisation's long id.
    case uniqueOrganizationID
    /// The organisation as the log names it.
    case organization
    /// The name of the API key.
    case organizationKeyName
    /// The id of the API key.
    case organizationKeyID
    /// The caller's network address.
    case ipAddress

    // MARK: What it belongs to

    /// The managed prompt.
    case promptID
    /// The managed prompt's name.
    case promptName
    /// The managed prompt's version.
    case promptVersionNumber
    /// The conversation.
    case threadIdentifier
    /// The caller's own mark.
    case customIdentifier
    /// The caller's own group.
    case groupIdentifier
    /// The session.
    case sessionIdentifier
    /// The evaluation.
    case evaluationIdentifier
    /// The trace.
    case traceUniqueID
    /// The group of traces.
    case traceGroupIdentifier
    /// The span.
    case spanUniqueID
    /// The span's parent, absent for a root.
    case spanParentID
    /// The span's name.
    case spanName
    /// The span's path.
    case spanPath
    /// The workflow.
    case spanWorkflowName

    // MARK: How it was asked for

    /// Sampling temperature.
    case temperature
    /// Nucleus sampling.
    case topP
    /// The caller's limit. Unit: tokens.
    case maxTokens
    /// Answers asked for.
    case n
    /// The platform's own flag.
    case hasWebhook
    /// Whether the answer calls tools.
    case hasToolCalls
    /// Whether the platform hides the content.
    case blurred
    /// The user's verdict.
    case positiveFeedback
    /// The platform's classification.
    case category
    /// A remark on the log.
    case note
    /// The hour of the call.
    case hourGroup
    /// The minute of the call.
    case minuteGroup
    /// The beginning of the period.
    case periodStart
    /// The end of the period.
    case periodEnd
    /// The state in an evaluation set.
    case statusInEvalSet

    // MARK: Objects and values of changing shape, as far as they are small

    /// The caller's custom properties.
    case metadata
    /// Evaluator id to name, slug and `score_value`.
    case scores
    /// The budget check.
    case limitInfo
    /// Problems that were not fatal: a text or an object.
    case warnings
    /// The same by kind.
    case warningsDict
    /// The platform's advice.
    case recommendations
    /// The provider's token counts.
    case usage
    /// The end user with budgets.
    case customerParams
    /// Extra parameters of the platform.
    case respanParams
    /// Extra controls of the platform.
    case respanApiControls
    /// Costs by component.
    case componentCosts
    /// Prices by component.
    case unitPrices
    /// Stop sequences.
    case stop
    /// A tool's name or an object.
    case toolChoice
}
