/// Reads a text once from left to right and writes the tape: iterative, without recursion and without copying.
struct JSONReader {
    /// An array or object that is still open.
    private struct Open {
        let node: Int
        let isObject: Bool
        /// Members so far, for choosing how repeated keys are looked for.
        var members: Int
    }

    let text: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    /// The index of the next byte.
    var at = 0
    var nodes: ContiguousArray<JSONNode> = []
    private var open: [Open] = []
    private var values = 0
    private var repeatedKeys = RepeatedKeys()

    private init(text: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.text = text
        self.limits = limits
        open.reserveCapacity(8)
        nodes.reserveCapacity(min(text.count / 24 + 8, 2 * limits.valuesMax))
    }

    /// The tape of a text.
    static func tape(of bytes: [UInt8], limits: JSONLimits) throws(JSONFault) -> ContiguousArray<JSONNode> {
        guard bytes.count <= Int(UInt32.max) else { throw JSONFault(.tooLong, at: Int(UInt32.max)) }
        let result = bytes.withUnsafeBufferPointer { text -> Result<ContiguousArray<JSONNode>, JSONFault> in
            var reader = JSONReader(text: text, limits: limits)
            do throws(JSONFault) {
                try reader.read()
                return .success(reader.nodes)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The next byte, or a fault at the end of the text.
    @inline(__always)
    func current() throws(JSONFault) -> UInt8 {
        guard at < text.count else { throw JSONFault(.truncated, at: at) }
        return text[at]
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < text.count, text[at].isJSONSpace { at += 1 }
    }

    private mutating func read() throws(JSONFault) {
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            throw JSONFault(.byteOrderMark, at: 0)
        }
        skipSpace()
        guard at < text.count else { throw JSONFault(.empty, at: at) }
        repeat {
            let opened = try readValue()
            if opened, try !closesAtOnce() { continue }
            try finishValues()
        } while !open.isEmpty
        skipSpace()
        guard at == text.count else { throw JSONFault(.trailingBytes, at: at) }
    }

    /// Reads a scalar, or opens an array or object and says so.
    private mutating func readValue() throws(JSONFault) -> Bool {
        values += 1
        guard values <= limits.valuesMax else { throw JSONFault(.tooManyValues, at: at) }
        switch try current() {
        case UInt8(ascii: "\""): try readString(as: .string)
        case UInt8(ascii: "{"):
            try openContainer(.object)
            return true
        case UInt8(ascii: "["):
            try openContainer(.array)
            return true
        case UInt8(ascii: "t"): try readLiteral("true", as: .true)
        case UInt8(ascii: "f"): try readLiteral("false", as: .false)
        case UInt8(ascii: "n"): try readLiteral("null", as: .null)
        case UInt8(ascii: "N"): try readLiteral("NaN", as: .notANumber)
        case UInt8(ascii: "I"): try readLiteral("Infinity", as: .infinity)
        default: try readNumber()
        }
        return false
    }

    private mutating func openContainer(_ kind: JSONNode.Kind) throws(JSONFault) {
        guard open.count < limits.depthMax else { throw JSONFault(.tooDeep, at: at) }
        open.append(Open(node: nodes.count, isObject: kind == .object, members: 0))
        nodes.append(JSONNode(start: UInt32(truncatingIfNeeded: at), length: 0, next: 0, kind: kind))
        at += 1
    }

    /// After an opening bracket: an empty container is closed, and `true`; else the reader stands before a value.
    private mutating func closesAtOnce() throws(JSONFault) -> Bool {
        skipSpace()
        let byte = try current()
        if open[open.count - 1].isObject {
            if byte == UInt8(ascii: "}") {
                close()
                return true
            }
            try readKey()
        } else if byte == UInt8(ascii: "]") {
            close()
            return true
        }
        return false
    }

    /// After a value: closes what ends here and goes on to the next value, if any container is still open.
    private mutating func finishValues() throws(JSONFault) {
        while let container = open.last {
            skipSpace()
            let byte = try current()
            if byte == UInt8(ascii: ",") {
                at += 1
                skipSpace()
                if container.isObject { try readKey() }
                return
            }
            guard byte == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw JSONFault(.unexpectedByte, at: at)
            }
            close()
        }
    }

    private mutating func close() {
        at += 1
        guard let container = open.popLast() else { return }
        nodes[container.node].length = UInt32(truncatingIfNeeded: at) - nodes[container.node].start
        nodes[container.node].next = UInt32(truncatingIfNeeded: nodes.count)
        if container.members > 1 {
            repeatedKeys.resolve(object: container.node, members: container.members, nodes: &nodes, text: text)
        }
    }

    private mutating func readKey() throws(JSONFault) {
        guard try current() == UInt8(ascii: "\"") else { throw JSONFault(.unexpectedByte, at: at) }
        open[open.count - 1].members += 1
        try readString(as: .key)
        skipSpace()
        guard try current() == UInt8(ascii: ":") else { throw JSONFault(.unexpectedByte, at: at) }
        at += 1
        skipSpace()
    }
}
