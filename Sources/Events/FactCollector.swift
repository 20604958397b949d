/// Gathers the facts of one log: finds them under all their names and brings them to their types.
struct FactCollector {
    /// How much a place where a fact was found counts; the first usable value of the smallest rank wins.
    private enum Rank: UInt8 {
        case name, alias, nested
    }

    /// Where a fact is.
    private struct Place {
        /// The place in `scalars` plus one, or 0.
        var scalar: UInt8 = 0
        var rank: Rank?
        /// The node of an object, a list or of any type, or `noNode`.
        var node: Int32 = FactCollector.noNode
    }

    let document: JSONDocument
    /// The facts that are scalars, each once. Few of a hundred facts are in one log, so they stand in a list, and
    /// `places` says where.
    private var scalars: [JSONValue] = []
    /// The place of each fact by its raw value.
    private var places = [Place](repeating: Place(), count: Fact.allCases.count)
    /// The custom properties, when they came as a text that holds a JSON object.
    private(set) var encodedMetadata: JSONDocument?
    /// Members that are no facts, in order: the nodes of name and value.
    private(set) var others: [(key: JSONNode, node: Int)] = []
    /// Whether a text was cut.
    private(set) var isCut = false

    private let isLog: Bool
    private let without: StaticString?
    private static let noNode: Int32 = -1

    /// - Parameters:
    ///   - isLog: Whether members that do not fit the fact of their name mean nothing; else they are `others`.
    ///   - without: A member that is left out.
    init(document: JSONDocument, isLog: Bool = true, without: StaticString? = nil) {
        self.document = document
        self.without = without
        self.isLog = isLog
        scalars.reserveCapacity(24)
    }

    /// The value of a fact that is a scalar.
    func scalar(_ fact: Fact) -> JSONValue? {
        let place = places[fact.rawValue].scalar
        return place == 0 ? nil : scalars[Int(place) - 1]
    }

    /// The node of a fact that is an object, a list or of any type.
    func structure(_ fact: Fact) -> Int? {
        let node = places[fact.rawValue].node
        return node == Self.noNode ? nil : Int(node)
    }

    /// Takes the members of a log.
    mutating func collect(_ log: Int) {
        for (key, node) in document.members(of: log) {
            if let without, document.isText(key, equalTo: without) { continue }
            let isEscaped = key.content.contains(.escapes)
            let found = FactNames.shared
            guard let match = isEscaped ? found.lookUp(document.text(key)) : found.lookUp(document.span(key)) else {
                others.append((key, node))
                continue
            }
            switch match.fact {
            case .errorSignature, .budgetBlocked:
                continue  // Derived here; what a sender writes under these names means nothing.
            case .totalTokens:
                take(.totalRequestTokens, from: node, rank: .alias)
            default:
                take(match.fact, from: node, rank: match.isAlias ? .alias : .name)
                if !isLog, places[match.fact.rawValue].rank == nil { others.append((key, node)) }
            }
        }
        if let node = structure(.customerParams) {
            collect(Self.customerNames, of: node)
        }
        if let node = structure(.usage) {
            collect(Self.usageNames, of: node)
            for (name, facts) in Self.usageDetails {
                if let details = document.member(name, of: node) { collect(facts, of: details) }
            }
        }
        if let node = structure(.respanParams) {
            collect(Self.parameterNames, of: node)
        }
    }

    /// Takes what the sender calls the event: a header, or the envelope that was taken off.
    mutating func name(_ type: String) {
        set(.eventType, .string(type))
    }

    /// Adds what follows from the facts found.
    mutating func derive() {
        mirrorCacheBit()
        if scalar(.totalTokens) == nil {
            let sum = scalar(.promptTokens)?.int.flatMap { prompt in
                scalar(.completionTokens)?.int.map { prompt.addingReportingOverflow($0) }
            }
            let counted = sum.flatMap { $0.overflow ? nil : JSONValue.int($0.partialValue) }
            set(.totalTokens, scalar(.totalRequestTokens) ?? counted)
        }
        set(.failed, .bool(isFailed))
        set(.budgetBlocked, .bool(isBudgetBlocked))
        if case .string(let text) = scalar(.errorMessage) {
            set(.errorSignature, ErrorSignature.of(text).map(JSONValue.string))
        }
    }

    private mutating func set(_ fact: Fact, _ value: JSONValue?) {
        guard let value else { return }
        let place = places[fact.rawValue].scalar
        if place > 0 {
            scalars[Int(place) - 1] = value
        } else {
            scalars.append(value)
            places[fact.rawValue].scalar = UInt8(truncatingIfNeeded: scalars.count)
        }
    }

    private mutating func collect(_ names: [(StaticString, Fact)], of object: Int) {
        for (name, fact) in names {
            if let node = document.member(name, of: object) { take(fact, from: node, rank: .nested) }
        }
    }

    private mutating func take(_ fact: Fact, from node: Int, rank: Rank) {
        if let found = places[fact.rawValue].rank, found.rawValue <= rank.rawValue { return }
        switch fact.type {
        case .object, .list, .any:
            if fact == .metadata { encodedMetadata = FactCoercion.encodedObject(node, in: document) }
            guard FactCoercion.isUsable(node, as: fact.type, in: document) else { return }
            // A tape of more nodes than this is refused long before.
            places[fact.rawValue].node = Int32(truncatingIfNeeded: node)
        default:
            guard let value = FactCoercion.value(of: node, as: fact, in: document, isCut: &isCut) else { return }
            set(fact, value)
        }
        places[fact.rawValue].rank = rank
    }

    private mutating func mirrorCacheBit() {
        if scalar(.cached) == nil, case .int(let bit) = scalar(.cacheBit) { set(.cached, .bool(bit == 1)) }
        if scalar(.cacheBit) == nil, case .bool(let cached) = scalar(.cached) { set(.cacheBit, .int(cached ? 1 : 0)) }
    }

    private var isFailed: Bool {
        if scalar(.failed)?.bool == true || scalar(.errorBit)?.int == 1 { return true }
        if let code = scalar(.statusCode)?.int, code >= 400 { return true }
        guard let status = scalar(.status)?.string else { return false }
        return ASCIIText.isSame(status, "error") || ASCIIText.isSame(status, "failed")
    }

    private var isBudgetBlocked: Bool {
        guard let info = structure(.limitInfo), let allowed = document.member("is_allowed", of: info)
        else { return false }
        return document.nodes[allowed].kind == .false
    }
}

extension FactCollector {
    private static let customerNames: [(StaticString, Fact)] = [
        ("customer_identifier", .customerIdentifier), ("name", .customerName), ("email", .customerEmail),
    ]

    private static let usageNames: [(StaticString, Fact)] = [
        ("prompt_tokens", .promptTokens), ("completion_tokens", .completionTokens),
        ("total_tokens", .totalRequestTokens), ("input_tokens", .promptTokens), ("output_tokens", .completionTokens),
        ("prompt_cache_hit_tokens", .promptCacheHitTokens), ("cache_read_input_tokens", .promptCacheHitTokens),
        ("prompt_cache_creation_tokens", .promptCacheCreationTokens),
        ("cache_creation_input_tokens", .promptCacheCreationTokens), ("reasoning_tokens", .reasoningTokens),
    ]

    private static let usageDetails: [(StaticString, [(StaticString, Fact)])] = [
        ("prompt_tokens_details", [("cached_tokens", .promptCacheHitTokens)]),
        ("completion_tokens_details", [("reasoning_tokens", .reasoningTokens)]),
    ]

    private static let parameterNames: [(StaticString, Fact)] = [
        ("limit_info", .limitInfo), ("has_webhook", .hasWebhook),
    ]
}
