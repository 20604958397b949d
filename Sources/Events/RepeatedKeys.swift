/// Finds the names that stand more than once in an object, in linear time, and lets the first stand for the last value
/// as Python's `json.loads` does.
///
/// Names are compared after unescaping and without Unicode normalisation. The hash is the standard library's, which is
/// seeded for every process, so a sender cannot choose names that collide.
struct RepeatedKeys {
    /// Up to this many members are compared pairwise, when none is escaped.
    private static let pairwiseMax = 8

    /// An open-addressing table: hash bits above, node index plus one below; 0 is free.
    private var table: [UInt64] = []
    private var keys: [Int] = []

    /// Marks the repeated keys of an object that has just been closed.
    mutating func resolve(
        object: Int, members: Int, nodes: inout ContiguousArray<JSONNode>, text: UnsafeBufferPointer<UInt8>
    ) {
        keys.removeAll(keepingCapacity: true)
        keys.reserveCapacity(members)
        var key = object + 1
        var isEscaped = false
        while key < nodes.count {
            keys.append(key)
            isEscaped = isEscaped || nodes[key].content.contains(.escapes)
            key = Int(nodes[key + 1].next)
        }
        if members <= Self.pairwiseMax, !isEscaped {
            resolvePairwise(nodes: &nodes, text: text)
        } else {
            resolveHashed(nodes: &nodes, text: text)
        }
    }

    private func resolvePairwise(nodes: inout ContiguousArray<JSONNode>, text: UnsafeBufferPointer<UInt8>) {
        for later in 1..<keys.count {
            for earlier in 0..<later where nodes[keys[earlier]].kind == .key {
                guard Self.sameSpan(nodes[keys[earlier]], nodes[keys[later]], text) else { continue }
                Self.merge(keys[later], into: keys[earlier], nodes: &nodes)
                break
            }
        }
    }

    private mutating func resolveHashed(nodes: inout ContiguousArray<JSONNode>, text: UnsafeBufferPointer<UInt8>) {
        let bits = max(4, Int.bitWidth - (2 * keys.count - 1).leadingZeroBitCount)
        let mask = 1 << bits - 1
        table.removeAll(keepingCapacity: true)
        table.append(contentsOf: repeatElement(0, count: mask + 1))
        for key in keys {
            let hash = Self.hash(nodes[key], text)
            let fragment = UInt64(truncatingIfNeeded: hash) & 0xFFFF_FFFF_0000_0000
            var slot = hash & mask
            while true {
                let entry = table[slot]
                if entry == 0 {
                    table[slot] = fragment | UInt64(key + 1)
                    break
                }
                let other = Int(entry & 0xFFFF_FFFF) - 1
                if entry & 0xFFFF_FFFF_0000_0000 == fragment, Self.sameText(nodes[other], nodes[key], text) {
                    Self.merge(key, into: other, nodes: &nodes)
                    break
                }
                slot = (slot + 1) & mask
            }
        }
    }

    private static func merge(_ later: Int, into earlier: Int, nodes: inout ContiguousArray<JSONNode>) {
        nodes[earlier].next = UInt32(truncatingIfNeeded: later + 1)
        nodes[later].kind = .droppedKey
    }

    private static func span(_ node: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: text[Int(node.start)..<Int(node.start) + Int(node.length)])
    }

    private static func sameSpan(_ lhs: JSONNode, _ rhs: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        lhs.length == rhs.length && span(lhs, text).elementsEqual(span(rhs, text))
    }

    private static func sameText(_ lhs: JSONNode, _ rhs: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if !lhs.content.contains(.escapes), !rhs.content.contains(.escapes) { return sameSpan(lhs, rhs, text) }
        return unescaped(lhs, text) == unescaped(rhs, text)
    }

    private static func hash(_ node: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        if node.content.contains(.escapes) {
            unescaped(node, text).withUnsafeBytes { hasher.combine(bytes: $0) }
        } else {
            hasher.combine(bytes: UnsafeRawBufferPointer(span(node, text)))
        }
        return hasher.finalize()
    }

    private static func unescaped(_ node: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONEscapes.unescape(span(node, text), into: &bytes, loneSurrogates: .kept)
        return bytes
    }
}
