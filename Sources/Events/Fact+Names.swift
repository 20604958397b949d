extension Fact {
    /// The name in rules and in stored facts.
    package var name: String { FactDescription.names[rawValue] }

    /// The type of every value that is not absent.
    package var type: FactType { FactDescription.types[rawValue] }

    /// The unit, such as `USD` or `s`, where there is one.
    package var unit: String? { FactDescription.all[rawValue].unit }

    /// The fact with this name or with one of the names it had before.
    package static func named(_ name: String) -> Fact? {
        FactNames.shared.lookUp(name.utf8)?.fact
    }

    /// Names that logs and users know a fact by beside its own. The fact's own name wins where both are given.
    package static let aliases: [(name: String, fact: Fact)] = [
        ("generation_time", .latency),
        ("ttft", .timeToFirstToken),
        ("token_per_second", .tokensPerSecond),
        ("keywordsai_params", .respanParams),
        ("keywordsai_api_controls", .respanApiControls),
        ("organization_key__name", .organizationKeyName),
        ("all_tokens", .totalTokens),
        ("input_tokens", .promptTokens),
        ("output_tokens", .completionTokens),
    ]
}

/// Finds facts by the bytes of a name, without making texts of the names of a log.
struct FactNames: Sendable {
    /// What a name stands for.
    struct Match {
        let fact: Fact
        let isAlias: Bool
    }

    private struct Entry {
        let name: [UInt8]
        let match: Match
    }

    static let shared = FactNames()

    /// The entries by hash; the names are ours, so no sender can make them collide.
    private let table: [[Entry]]

    private init() {
        var table = [[Entry]](repeating: [], count: 512)
        let aliases = Fact.aliases.map { Entry(name: Array($0.name.utf8), match: Match(fact: $0.fact, isAlias: true)) }
        let names = Fact.allCases.map { Entry(name: Array($0.name.utf8), match: Match(fact: $0, isAlias: false)) }
        for entry in names + aliases { table[Self.slot(of: entry.name)].append(entry) }
        self.table = table
    }

    /// The fact with this name, or `nil`.
    func lookUp(_ name: some Collection<UInt8>) -> Match? {
        guard name.count <= Self.nameBytesMax else { return nil }
        return table[Self.slot(of: name)].first { $0.name.count == name.count && $0.name.elementsEqual(name) }?.match
    }

    /// No name of a fact is longer.
    private static let nameBytesMax = 32

    /// FNV-1a.
    private static func slot(of name: some Collection<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int((hash ^ hash >> 16) & 511)
    }
}
