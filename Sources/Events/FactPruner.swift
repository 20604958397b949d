/// Copies a value of a log without content and credentials, as far as it fits: objects keep the members that fit,
/// arrays are kept whole or not at all, long texts are cut.
struct FactPruner {
    /// Which members never go into facts.
    enum Dropping {
        /// Credentials only: for the caller's own properties, whose names mean what the caller says.
        case credentials
        case contentAndCredentials
    }

    /// Deeper values are left out; rules and mails have no use for them.
    private static let depthMax = 16

    let document: JSONDocument
    let dropping: Dropping
    private(set) var bytesLeft: Int
    private(set) var isReduced = false
    /// Whether the parts of an object get equal shares of the room, single values first.
    private let sharesRoom: Bool

    init(document: JSONDocument, dropping: Dropping, bytesLeft: Int, sharesRoom: Bool = false) {
        self.document = document
        self.dropping = dropping
        self.bytesLeft = bytesLeft
        self.sharesRoom = sharesRoom
    }

    /// Whether a member of this name is left out.
    static func drops(_ name: some Collection<UInt8>, _ dropping: Dropping) -> Bool {
        Credentials.isCredential(name) || (dropping == .contentAndCredentials && ContentFields.contains(name))
    }

    /// The pruned value of a member, whose bytes have been taken off what is left, or `nil` when it does not fit.
    mutating func member(_ name: String, _ node: Int, depth: Int = 0) -> JSONValue? {
        let before = bytesLeft
        bytesLeft -= Self.nameBytes(name)
        guard bytesLeft > 0, let value = value(node, depth: depth) else {
            bytesLeft = before
            isReduced = true
            return nil
        }
        return value
    }

    private static func nameBytes(_ name: String) -> Int {
        JSONValue.encodedBytes(of: name) + 2
    }

    private mutating func value(_ index: Int, depth: Int) -> JSONValue? {
        guard depth < Self.depthMax else { return nil }
        let node = document.nodes[index]
        switch node.kind {
        case .object: return object(index, depth: depth)
        case .array: return array(index, depth: depth)
        case .string: return fitted(.string(document.cutString(node, isCut: &isReduced)))
        default: return fitted(document.value(at: index))
        }
    }

    private mutating func fitted(_ value: JSONValue) -> JSONValue? {
        let bytes = value.encodedBytes
        guard bytes <= bytesLeft else { return nil }
        bytesLeft -= bytes
        return value
    }

    private mutating func object(_ index: Int, depth: Int) -> JSONValue? {
        guard bytesLeft >= 2 else { return nil }
        bytesLeft -= 2
        let all = document.members(of: index)
        if sharesRoom {
            return .object(document.object(of: members(all.map { (key: $0.key, node: $0.value) }, depth: depth + 1)))
        }
        var kept: [(key: JSONNode, member: JSONObject.Member)] = []
        for (key, node) in all {
            if let member = keep(key, node, depth: depth + 1) { kept.append(member) }
        }
        return .object(document.object(of: kept))
    }

    /// Those of several members that fit into equal shares of the room, in their order.
    mutating func members(
        _ all: [(key: JSONNode, node: Int)], depth: Int
    ) -> [(key: JSONNode, member: JSONObject.Member)] {
        var kept: [Int: (key: JSONNode, member: JSONObject.Member)] = [:]
        let parts = all.indices.filter { isPart(all[$0].node) }
        for place in all.indices where !isPart(all[place].node) {
            kept[place] = keep(all[place].key, all[place].node, depth: depth)
        }
        for (count, place) in parts.enumerated() {
            let share = bytesLeft / (parts.count - count)
            let rest = bytesLeft - share
            bytesLeft = share
            kept[place] = keep(all[place].key, all[place].node, depth: depth)
            bytesLeft += rest
        }
        return all.indices.compactMap { kept[$0] }
    }

    /// Whether a value has parts of its own.
    private func isPart(_ node: Int) -> Bool { [.object, .array].contains(document.nodes[node].kind) }

    private mutating func keep(
        _ key: JSONNode, _ node: Int, depth: Int
    ) -> (key: JSONNode, member: JSONObject.Member)? {
        guard Int(key.length) <= Facts.bytesMax * 6 else {
            isReduced = true
            return nil
        }
        let name = document.string(key)
        guard !Self.drops(name.utf8, dropping) else { return nil }
        return member(name, node, depth: depth).map { (key, (name, $0)) }
    }

    private mutating func array(_ index: Int, depth: Int) -> JSONValue? {
        let before = bytesLeft
        bytesLeft -= 2
        var elements: [JSONValue] = []
        for node in document.elements(of: index) {
            bytesLeft -= 1
            guard bytesLeft > 0, let element = value(node, depth: depth + 1) else {
                bytesLeft = before
                return nil
            }
            elements.append(element)
        }
        return .array(elements)
    }
}
