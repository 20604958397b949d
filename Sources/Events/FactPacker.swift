/// Packs collected facts into at most `Facts.bytesMax` bytes of JSON: numbers first, then texts, then `metadata`,
/// `scores` and `limit_info`, then whatever else is small.
struct FactPacker {
    private let document: JSONDocument
    private var members: [JSONObject.Member] = []
    private var bytesLeft: Int
    /// Whether something was left out or cut.
    private(set) var isReduced = false
    /// Whether two names may have become the same by U+FFFD.
    private var mayRepeat = false

    init(document: JSONDocument) {
        self.document = document
        // The braces, and the mark of a reduced event with its quotes, colon, value and comma.
        bytesLeft = Facts.bytesMax - 2 - (Facts.reducedMark.utf8.count + 8)
    }

    /// - Parameter sharesRoom: Whether other members get equal shares, single values first, instead of all the room
    ///   that those before them left: for events whose shape nobody here knows.
    mutating func pack(_ collector: FactCollector, sharesRoom: Bool = false) {
        isReduced = collector.isCut
        let known = Fact.allCases.compactMap { fact in collector.scalars[fact.rawValue].map { (fact, $0) } }
        for (fact, value) in known where value.string == nil { add(fact.name, value) }
        for (fact, value) in known where value.string != nil { add(fact.name, value) }
        for fact in Self.firstStructures { add(fact, from: collector) }
        for fact in Fact.allCases where !Self.firstStructures.contains(fact) { add(fact, from: collector) }
        if sharesRoom {
            share(collector.others)
            return
        }
        for (key, node) in collector.others {
            guard Int(key.length) <= Facts.bytesMax * 6 else {
                isReduced = true
                continue
            }
            mayRepeat = mayRepeat || key.content.contains(.escapes)
            add(document.string(key), node, in: document, dropping: .contentAndCredentials)
        }
    }

    /// The packed object.
    var packed: JSONObject { mayRepeat ? JSONObject(members) : JSONObject(uniqueMembers: members) }

    private static let firstStructures: [Fact] = [.metadata, .scores, .limitInfo]

    private mutating func add(_ name: String, _ value: JSONValue) {
        let bytes = FactPruner.memberBytes(name, value)
        guard bytes <= bytesLeft else {
            isReduced = true
            return
        }
        bytesLeft -= bytes
        members.append((name, value))
    }

    private mutating func share(_ others: [(key: JSONNode, node: Int)]) {
        var pruner = FactPruner(
            document: document, dropping: .contentAndCredentials, bytesLeft: bytesLeft, sharesRoom: true)
        let found = pruner.members(others, depth: 0).filter { $0.member.key != Facts.reducedMark }
        mayRepeat = mayRepeat || found.contains { $0.key.content.contains(.escapes) }
        members += found.map(\.member)
        bytesLeft = pruner.bytesLeft
        isReduced = isReduced || pruner.isReduced
    }

    private mutating func add(_ fact: Fact, from collector: FactCollector) {
        let isOwn = fact == .metadata || fact == .scores
        let dropping: FactPruner.Dropping = isOwn ? .credentials : .contentAndCredentials
        if let node = collector.structures[fact.rawValue] {
            add(fact.name, node, in: document, dropping: dropping)
        } else if fact == .metadata, let inner = collector.encodedMetadata {
            add(fact.name, 0, in: inner, dropping: dropping)
        }
    }

    private mutating func add(
        _ name: String, _ node: Int, in document: JSONDocument, dropping: FactPruner.Dropping
    ) {
        guard !FactPruner.drops(name.utf8, dropping), name != Facts.reducedMark else { return }
        var pruner = FactPruner(document: document, dropping: dropping, bytesLeft: bytesLeft)
        if let value = pruner.member(name, node) { members.append((name, value)) }
        bytesLeft = pruner.bytesLeft
        isReduced = isReduced || pruner.isReduced
    }
}
