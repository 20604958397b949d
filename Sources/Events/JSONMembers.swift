/// The members of an object that count, in order; none of anything else.
struct JSONMembers: Sequence, IteratorProtocol {
    private let nodes: ContiguousArray<JSONNode>
    private let end: Int
    private var place: Int

    init(nodes: ContiguousArray<JSONNode>, object: Int) {
        self.nodes = nodes
        place = object + 1
        end = nodes[object].kind == .object ? Int(nodes[object].next) : 0
    }

    mutating func next() -> (key: JSONNode, value: Int)? {
        while place < end {
            let key = nodes[place]
            place = Int(nodes[place + 1].next)
            if key.kind == .key { return (key, Int(key.next)) }
        }
        return nil
    }
}

/// The elements of an array, in order; none of anything else.
struct JSONElements: Sequence, IteratorProtocol {
    private let nodes: ContiguousArray<JSONNode>
    private let end: Int
    private var place: Int

    init(nodes: ContiguousArray<JSONNode>, array: Int) {
        self.nodes = nodes
        place = array + 1
        end = nodes[array].kind == .array ? Int(nodes[array].next) : 0
    }

    mutating func next() -> Int? {
        guard place < end else { return nil }
        defer { place = Int(nodes[place].next) }
        return place
    }
}
