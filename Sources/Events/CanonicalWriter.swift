/// Walks the tape of a value and writes its canonical text, iteratively, into a piece of memory that is handed on
/// whenever it is full.
struct CanonicalWriter {
    /// Bytes gathered before they are handed on.
    static let pieceBytes = 16_384
    /// A plain text of more bytes is handed on without being copied.
    private static let copiedBytesMax = 4_096
    /// Room that is made before every member, element and closing bracket and after every escape, for what is put
    /// without asking: quotes, separators, a bracket, one escape of two halves, or a double (at most 24 bytes).
    private static let marginBytes = 64

    /// An array or object that is being written.
    private struct Open {
        var next: Int
        let end: Int
        let isObject: Bool
        var isFirst = true
    }

    private let text: UnsafeBufferPointer<UInt8>
    private let nodes: UnsafeBufferPointer<JSONNode>
    private let piece: UnsafeMutableBufferPointer<UInt8>
    private let sink: (UnsafeRawBufferPointer) -> Void
    private var count = 0
    private var open: [Open] = []
    private var number: [UInt8] = []

    /// A writer over a document's text and tape with `piece` of at least `pieceBytes` as its memory.
    init(
        text: UnsafeBufferPointer<UInt8>, nodes: UnsafeBufferPointer<JSONNode>,
        piece: UnsafeMutableBufferPointer<UInt8>, sink: @escaping (UnsafeRawBufferPointer) -> Void
    ) {
        self.text = text
        self.nodes = nodes
        self.piece = piece
        self.sink = sink
    }

    mutating func write(_ root: Int) {
        writeValue(root)
        while let container = open.last {
            makeRoom()
            guard container.next < container.end else {
                put(container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                open.removeLast()
                continue
            }
            if container.isObject { writeMember(container.next) } else { writeElement(container.next) }
        }
    }

    /// Hands on what has been gathered.
    mutating func flush() {
        sink(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<count]))
        count = 0
    }

    private mutating func writeElement(_ element: Int) {
        separate()
        open[open.count - 1].next = Int(nodes[element].next)
        writeValue(element)
    }

    private mutating func writeMember(_ key: Int) {
        open[open.count - 1].next = Int(nodes[key + 1].next)
        guard nodes[key].kind == .key else { return }
        separate()
        writeString(nodes[key])
        put(UInt8(ascii: ":"))
        put(UInt8(ascii: " "))
        writeValue(Int(nodes[key].next))
    }

    private mutating func separate() {
        if open[open.count - 1].isFirst {
            open[open.count - 1].isFirst = false
        } else {
            put(UInt8(ascii: ","))
            put(UInt8(ascii: " "))
        }
    }

    /// Writes a scalar, or opens an array or object.
    private mutating func writeValue(_ index: Int) {
        let node = nodes[index]
        switch node.kind {
        case .null, .true, .false, .notANumber, .infinity, .negativeInfinity:
            put(span(node))
        case .integer:
            let digits = span(node)
            let isMinusZero = digits.count == 2 && digits[0] == UInt8(ascii: "-") && digits[1] == UInt8(ascii: "0")
            if isMinusZero { put(UInt8(ascii: "0")) } else { put(digits) }
        case .double:
            number.removeAll(keepingCapacity: true)
            NumberText.append(NumberText.double(span(node)), to: &number)
            for byte in number { put(byte) }
        case .string, .key, .droppedKey:
            writeString(node)
        case .array, .object:
            put(node.kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
            open.append(Open(next: index + 1, end: Int(node.next), isObject: node.kind == .object))
        }
    }

    private mutating func writeString(_ node: JSONNode) {
        put(UInt8(ascii: "\""))
        let inside = span(node)
        if node.content.isEmpty { put(inside) } else { writeEscaped(inside) }
        put(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ inside: UnsafeBufferPointer<UInt8>) {
        var at = 0
        while at < inside.count {
            let byte = inside[at]
            if WordScan.isPlain(byte) {
                let end = WordScan.endOfPlain(inside, from: at)
                put(UnsafeBufferPointer(rebasing: inside[at..<end]))
                at = end
            } else if byte == UInt8(ascii: "\\") {
                at += rewriteEscape(inside, at: at)
                makeRoom()
            } else if byte < 0x80 {
                putUnit(UInt32(byte))
                at += 1
                makeRoom()
            } else {
                at += writeWide(inside, at: at)
                makeRoom()
            }
        }
    }

    /// Writes the escape at `index` in its canonical spelling and returns the bytes it took.
    private mutating func rewriteEscape(_ inside: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let escape = inside[index + 1]
        if escape == UInt8(ascii: "u") {
            putCharacter(JSONEscapes.codeUnit(inside, at: index + 2))
            return 6
        }
        putCharacter(UInt32(JSONEscapes.character(of: escape)))
        return 2
    }

    /// Writes one multi-byte character as one or two escapes and returns its bytes.
    private mutating func writeWide(_ inside: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = UInt32(inside[index])
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        var scalar = lead & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(inside[index + offset] & 0x3F) }
        if scalar >= 0x10000 {
            putUnit(0xD800 + (scalar - 0x10000) >> 10)
            putUnit(0xDC00 + (scalar - 0x10000) & 0x3FF)
        } else {
            putUnit(scalar)
        }
        return length
    }
}

/// What goes into the piece.
extension CanonicalWriter {
    private func span(_ node: JSONNode) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: text[Int(node.start)..<Int(node.start) + Int(node.length)])
    }

    /// Leaves the margin free for the next writes.
    @inline(__always)
    private mutating func makeRoom() {
        if count > Self.pieceBytes - Self.marginBytes { flush() }
    }

    /// One byte, for which the margin has room.
    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        piece[count] = byte
        count += 1
    }

    /// Plain bytes of any number; makes room.
    private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.count > Self.copiedBytesMax {
            flush()
            sink(UnsafeRawBufferPointer(bytes))
            return
        }
        if count + bytes.count > Self.pieceBytes - Self.marginBytes { flush() }
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(piece)[count...])
            .copyMemory(from: UnsafeRawBufferPointer(bytes))
        count += bytes.count
    }

    /// A code unit as `json.dumps` writes it.
    private mutating func putCharacter(_ unit: UInt32) {
        switch unit {
        case 0x22: putShort(UInt8(ascii: "\""))
        case 0x5C: putShort(UInt8(ascii: "\\"))
        case 0x0A: putShort(UInt8(ascii: "n"))
        case 0x0D: putShort(UInt8(ascii: "r"))
        case 0x09: putShort(UInt8(ascii: "t"))
        case 0x0C: putShort(UInt8(ascii: "f"))
        case 0x08: putShort(UInt8(ascii: "b"))
        case 0x20...0x7E: put(UInt8(truncatingIfNeeded: unit))
        default: putUnit(unit)
        }
    }

    private mutating func putShort(_ letter: UInt8) {
        put(UInt8(ascii: "\\"))
        put(letter)
    }

    private mutating func putUnit(_ unit: UInt32) {
        put(UInt8(ascii: "\\"))
        put(UInt8(ascii: "u"))
        putHexDigit(unit >> 12)
        putHexDigit(unit >> 8)
        putHexDigit(unit >> 4)
        putHexDigit(unit)
    }

    @inline(__always)
    private mutating func putHexDigit(_ bits: UInt32) {
        let digit = UInt8(truncatingIfNeeded: bits & 15)
        put(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
}
