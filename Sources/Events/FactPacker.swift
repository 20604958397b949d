/// Packs collected facts into at most `Facts.bytesMax` bytes of JSON: numbers first, then texts, then `metadata`,
/// `scores` and `limit_info`, then whatever else is small.
///
/// What is kept is written down at once: an event is packed, measured and encoded in one go.
struct FactPacker {
    private let document: JSONDocument
    private var members: [JSONObject.Member] = []
    /// The members so far as compact JSON, each with a comma behind it.
    private var text: [UInt8] = []
    /// For every fact the index of its member plus one, or 0.
    private var places = [Int32](repeating: 0, count: Fact.allCases.count)
    private var bytesLeft: Int
    /// Whether something was left out or cut.
    private var isReduced = false
    /// Whether two names may have become the same by U+FFFD.
    private var mayRepeat = false

    init(document: JSONDocument) {
        self.document = document
        // The braces, and the mark of a reduced event with its quotes, colon, value and comma.
        bytesLeft = Facts.bytesMax - 2 - (Facts.reducedMark.utf8.count + 8)
        members.reserveCapacity(24)
        text.reserveCapacity(1_024)
        text.append(UInt8(ascii: "{"))
    }

    /// - Parameter sharesRoom: Whether other members get equal shares, single values first, instead of all the room
    ///   that those before them left: for events whose shape nobody here knows.
    mutating func pack(_ collector: FactCollector, sharesRoom: Bool = false) {
        isReduced = collector.isCut
        for fact in Self.facts {
            if let value = collector.scalar(fact), value.string == nil { add(fact, value) }
        }
        for fact in Self.facts {
            if let value = collector.scalar(fact), value.string != nil { add(fact, value) }
        }
        for fact in Self.structures { add(fact, from: collector) }
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

    /// What was packed; the last thing asked of a packer.
    mutating func finish() -> Facts {
        guard !mayRepeat else { return Facts(members: JSONObject(members), isReduced: isReduced) }
        close()
        return Facts(members: JSONObject(uniqueMembers: members), places: places, encoded: text, isReduced: isReduced)
    }

    private mutating func close() {
        if isReduced {
            text += "\"\(Facts.reducedMark)\":true}".utf8
        } else if members.isEmpty {
            text.append(UInt8(ascii: "}"))
        } else {
            text[text.count - 1] = UInt8(ascii: "}")
        }
    }

    private static let facts = Fact.allCases
    /// The facts that are kept as JSON, in their order.
    private static let structures: [Fact] = {
        let first: [Fact] = [.metadata, .scores, .limitInfo]
        return first + Fact.allCases.filter { FactCoercion.isStructured($0) && !first.contains($0) }
    }()

    private mutating func add(_ fact: Fact, _ value: JSONValue) {
        let start = text.count
        write(fact.name, value)
        let bytes = text.count - start
        guard bytes <= bytesLeft else {
            text.removeSubrange(start...)
            isReduced = true
            return
        }
        bytesLeft -= bytes
        members.append((fact.name, value))
        places[fact.rawValue] = Int32(truncatingIfNeeded: members.count)
    }

    private mutating func write(_ name: String, _ value: JSONValue) {
        JSONValue.append(name, to: &text)
        text.append(UInt8(ascii: ":"))
        value.append(to: &text)
        text.append(UInt8(ascii: ","))
    }

    private mutating func share(_ others: [(key: JSONNode, node: Int)]) {
        var pruner = FactPruner(
            document: document, dropping: .contentAndCredentials, bytesLeft: bytesLeft, sharesRoom: true)
        let found = pruner.members(others, depth: 0).filter { $0.member.key != Facts.reducedMark }
        mayRepeat = mayRepeat || found.contains { $0.key.content.contains(.escapes) }
        for (_, member) in found {
            if let match = FactNames.shared.lookUp(member.key.utf8), !match.isAlias {
                // Two members of one name would be read back as the last of them: the fact, found under another name
                // or derived, stands, and a value that does not fit it gives way.
                guard places[match.fact.rawValue] == 0 else {
                    isReduced = true
                    continue
                }
                places[match.fact.rawValue] = Int32(truncatingIfNeeded: members.count + 1)
            }
            members.append(member)
            write(member.key, member.value)
        }
        bytesLeft = pruner.bytesLeft
        isReduced = isReduced || pruner.isReduced
    }

    private mutating func add(_ fact: Fact, from collector: FactCollector) {
        let isOwn = fact == .metadata || fact == .scores
        let dropping: FactPruner.Dropping = isOwn ? .credentials : .contentAndCredentials
        let isKept: Bool
        if let node = collector.structure(fact) {
            isKept = add(fact.name, node, in: document, dropping: dropping)
        } else if fact == .metadata, let inner = collector.encodedMetadata {
            isKept = add(fact.name, 0, in: inner, dropping: dropping)
        } else {
            isKept = false
        }
        if isKept { places[fact.rawValue] = Int32(truncatingIfNeeded: members.count) }
    }

    @discardableResult
    private mutating func add(
        _ name: String, _ node: Int, in document: JSONDocument, dropping: FactPruner.Dropping
    ) -> Bool {
        guard !FactPruner.drops(name.utf8, dropping), name != Facts.reducedMark else { return false }
        var pruner = FactPruner(document: document, dropping: dropping, bytesLeft: bytesLeft)
        let value = pruner.member(name, node)
        bytesLeft = pruner.bytesLeft
        isReduced = isReduced || pruner.isReduced
        guard let value else { return false }
        members.append((name, value))
        write(name, value)
        return true
    }
}
