/// Tells whether a value stands in its text as its canonical text would have it, so that nothing need be written anew:
/// most senders post what `json.dumps` gave them.
struct CanonicalCheck {
    private let text: UnsafeBufferPointer<UInt8>
    private let nodes: UnsafeBufferPointer<JSONNode>
    /// Where the next token must begin: the tape has the places of all tokens, and between two only white space may be
    /// where it does not.
    private var at = 0

    /// A check over a document's text and tape.
    init(text: UnsafeBufferPointer<UInt8>, nodes: UnsafeBufferPointer<JSONNode>) {
        self.text = text
        self.nodes = nodes
    }

    /// Where a canonical value stands in the text; `nil` for one that is not.
    mutating func range(of root: Int) -> Range<Int>? {
        let first = Int(nodes[root].start) - (nodes[root].kind == .string ? 1 : 0)
        at = first
        var open: [Int] = []
        open.reserveCapacity(8)
        var index = root
        repeat {
            let isOpened = opens(index)
            guard passes(nodes[index], opens: isOpened) else { return nil }
            if isOpened { open.append(index) }
            index += 1
            if isOpened || nodes[index - 1].kind == .key { continue }
            while let container = open.last, nodes[container].next == index {
                at += 1
                guard at == Int(nodes[container].start + nodes[container].length) else { return nil }
                open.removeLast()
            }
            guard open.isEmpty || separates(UInt8(ascii: ",")) else { return nil }
        } while !open.isEmpty
        return first..<at
    }

    /// Whether a node is an array or object with something in it.
    private func opens(_ index: Int) -> Bool {
        switch nodes[index].kind {
        case .array, .object: Int(nodes[index].next) > index + 1
        default: false
        }
    }

    /// Moves over a token, or over the opening bracket of what has something in it.
    private mutating func passes(_ node: JSONNode, opens: Bool) -> Bool {
        let inside = UnsafeBufferPointer(rebasing: text[Int(node.start)..<Int(node.start) + Int(node.length)])
        switch node.kind {
        case .string, .key:
            guard Int(node.start) == at + 1, isCanonical(inside, node.content) else { return false }
            at += inside.count + 2
            return node.kind == .string || separates(UInt8(ascii: ":"))
        case .droppedKey: return false
        case .array, .object:
            guard Int(node.start) == at, opens || inside.count == 2 else { return false }
            at += opens ? 1 : 2
            return true
        case .integer:
            guard !(inside.count == 2 && inside[0] == UInt8(ascii: "-") && inside[1] == UInt8(ascii: "0")) else {
                return false
            }
        case .double: guard NumberText.isShortest(inside) else { return false }
        case .null, .true, .false, .notANumber, .infinity, .negativeInfinity: break
        }
        guard Int(node.start) == at else { return false }
        at += inside.count
        return true
    }

    /// Moves over a separator and its one space.
    private mutating func separates(_ separator: UInt8) -> Bool {
        guard at + 1 < text.count, text[at] == separator, text[at + 1] == UInt8(ascii: " ") else { return false }
        at += 2
        return true
    }

    private func isCanonical(_ inside: UnsafeBufferPointer<UInt8>, _ content: JSONNode.Content) -> Bool {
        if content.isEmpty { return true }
        if content.contains(.wide) { return false }
        var at = WordScan.nextBackslash(inside, from: 0)
        while at < inside.count {
            switch inside[at + 1] {
            case UInt8(ascii: "/"): return false
            case UInt8(ascii: "u"):
                guard isCanonicalUnit(inside, at: at + 2) else { return false }
                at += 6
            default: at += 2
            }
            at = WordScan.nextBackslash(inside, from: at)
        }
        return true
    }

    /// Whether four hexadecimal digits are small and of no character that would be written in another way.
    private func isCanonicalUnit(_ inside: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        for digit in inside[index..<index + 4] where (0x41...0x46).contains(digit) { return false }
        return switch JSONEscapes.codeUnit(inside, at: index) {
        case 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x20...0x7E: false
        default: true
        }
    }
}
