/// Writes values of a log as text for people, into a bounded sink.
struct ContentWriter {
    private var sink: ContentSink
    private let bytesMax: Int
    /// How many characters of a conversation are wanted.
    private let scalarsWanted: Int

    /// A longer name of a role or a tool is cut.
    private static let nameBytesMax = 64
    /// A shorter text inside an image or a file is no data but an address or a name.
    private static let mediumBytesMin = 2_048

    init(bytesMax: Int, scalarsWanted: Int) {
        self.bytesMax = bytesMax
        self.scalarsWanted = scalarsWanted
        sink = ContentSink(bytesMax: bytesMax)
    }

    /// What was written.
    var text: ContentText { sink.text }

    // MARK: Conversations

    /// Messages as `role: text`, each beginning a line of its own; anything else as a value. Of a conversation that is
    /// longer than what is wanted the last messages are written: the call is about them, while the first one is often
    /// the same in every call.
    mutating func write(conversation part: JSONPart) {
        let elements = part.kind == .array ? part.elements : [part]
        guard elements.contains(where: { $0.kind == .object && Self.isMessage($0) }) else { return write(value: part) }
        let messages = elements.map { element in
            var writer = ContentWriter(bytesMax: bytesMax, scalarsWanted: scalarsWanted)
            if Self.isMessage(element) { writer.write(message: element) } else { writer.write(value: element) }
            return writer.text
        }
        var first = messages.count
        var scalars = 0
        while first > 0, first == messages.count || scalars + messages[first - 1].scalars <= scalarsWanted {
            first -= 1
            scalars += messages[first].scalars + 1
        }
        if first > 0 {
            sink.append(Array("[… \(first) earlier \(first == 1 ? "message" : "messages")]".utf8))
        }
        for message in messages[first...] {
            startLine()
            sink.append(message)
        }
    }

    private static func isMessage(_ part: JSONPart) -> Bool {
        part.member("role") != nil || part.member("content") != nil
    }

    private mutating func write(message part: JSONPart) {
        if let role = part.text("role") {
            sink.append(UTF8Cut.prefix(role, bytesMax: Self.nameBytesMax))
            sink.append(": ")
        }
        let content = part.member("content") ?? part.member("parts")
        if let content, !content.isEmpty {
            write(content: content)
        } else if let refusal = part.text("refusal") {
            write(text: refusal)
        }
        for name in ["tool_calls", "function_call"] {
            guard let calls = part.member(name), !calls.isEmpty else { continue }
            if content.map({ !$0.isEmpty }) ?? false { startLine() }
            write(calls: calls)
        }
    }

    private mutating func write(content part: JSONPart) {
        guard part.kind == .array else { return write(value: part) }
        for (index, element) in part.elements.enumerated() {
            if index > 0 { startLine() }
            write(contentPart: element)
        }
    }

    /// One part of a message: a text, something to look at or to hear by its size, or a value.
    private mutating func write(contentPart part: JSONPart) {
        if let text = part.text("text") { return write(text: text) }
        let type = part.text("type").map { String(decoding: $0.prefix(Self.nameBytesMax), as: UTF8.self) } ?? ""
        for (name, word) in [("image", "image"), ("audio", "audio"), ("file", "file"), ("inline_data", "file")]
        where type.contains(name) || part.member(name) != nil || part.member("\(name)_url") != nil {
            return write(medium: part, called: word)
        }
        write(value: part)
    }

    /// `[image, 12345 bytes]` for one that came with the event, `[image]` for one that is only pointed at. The address
    /// stays out: it may open the picture to whoever holds it.
    private mutating func write(medium part: JSONPart, called word: String) {
        let nodes = part.document.nodes[part.node..<Int(part.document.nodes[part.node].next)]
        let longest = nodes.lazy.filter { $0.kind == .string }.map(\.length).max() ?? 0
        // Base64 takes four letters for three bytes (RFC 4648 §4); an address is shorter than any picture.
        let size = longest < Self.mediumBytesMin ? "" : ", \(Int(longest) / 4 * 3) bytes"
        sink.append(Array("[\(word)\(size)]".utf8))
    }

    // MARK: Calls and properties

    /// Tool calls as `name(arguments)`, one a line.
    mutating func write(calls part: JSONPart) {
        let calls = part.kind == .array ? part.elements : [part]
        for (index, call) in calls.enumerated() {
            if index > 0 { startLine() }
            let function = call.member("function") ?? call
            guard let name = function.text("name") else {
                write(value: call)
                continue
            }
            sink.append("calls ")
            sink.append(UTF8Cut.prefix(name, bytesMax: Self.nameBytesMax))
            sink.append("(")
            if let arguments = function.member("arguments") ?? function.member("input") { write(value: arguments) }
            sink.append(")")
        }
    }

    /// The members of an object as `name: value` lines; anything else as a value.
    mutating func write(properties part: JSONPart) {
        guard part.kind == .object else { return write(value: part) }
        for (key, node) in part.document.members(of: part.node) {
            startLine()
            sink.append(UTF8Cut.prefix(part.document.text(key), bytesMax: Self.nameBytesMax))
            sink.append(": ")
            write(value: JSONPart(part.document, node))
        }
    }

    // MARK: Values

    /// A string as it is, anything else as compact JSON.
    mutating func write(value part: JSONPart) {
        if let text = part.string { write(text: text) } else { writeCompact(part) }
    }

    private mutating func write(text: [UInt8]) {
        sink.append(EncodedData.named(in: text))
    }

    private mutating func startLine() {
        if let last = sink.last, last != UInt8(ascii: "\n") { sink.append("\n") }
    }

    /// An object or array being written.
    private enum Frame {
        case object(JSONMembers, isFirst: Bool)
        case array(JSONElements, isFirst: Bool)
    }

    /// JSON without white space, written without recursion: a body may be nested as deep as the reader takes.
    private mutating func writeCompact(_ part: JSONPart) {
        let document = part.document
        var frames: [Frame] = []
        open(part.node, of: document, onto: &frames)
        while let frame = frames.popLast() {
            switch frame {
            case .object(var members, let isFirst):
                guard let (key, node) = members.next() else {
                    sink.append("}")
                    continue
                }
                if !isFirst { sink.append(",") }
                sink.append(Self.quoted(document.text(key)))
                sink.append(":")
                frames.append(.object(members, isFirst: false))
                open(node, of: document, onto: &frames)
            case .array(var elements, let isFirst):
                guard let node = elements.next() else {
                    sink.append("]")
                    continue
                }
                if !isFirst { sink.append(",") }
                frames.append(.array(elements, isFirst: false))
                open(node, of: document, onto: &frames)
            }
        }
    }

    /// Writes a scalar whole, or opens an object or array.
    private mutating func open(_ node: Int, of document: JSONDocument, onto frames: inout [Frame]) {
        switch document.nodes[node].kind {
        case .object:
            sink.append("{")
            frames.append(.object(document.members(of: node), isFirst: true))
        case .array:
            sink.append("[")
            frames.append(.array(document.elements(of: node), isFirst: true))
        case .string:
            sink.append(Self.quoted(EncodedData.named(in: document.text(document.nodes[node]))))
        default:
            sink.append(document.bytes[document.range(of: node)])
        }
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        JSONValue.string(String(decoding: text, as: UTF8.self)).encoded()
    }
}
