/// Brings a value of a log to the type of its fact, or finds that it is as good as absent.
enum FactCoercion {
    /// A numeric text longer than this is a text.
    private static let numberBytesMax = 64

    /// The value for a scalar fact; `nil` for `null`, empty texts, `NaN`, infinities and unusable types.
    static func value(of index: Int, as fact: Fact, in document: JSONDocument, isCut: inout Bool) -> JSONValue? {
        switch fact.type {
        case .bool: return bool(index, document)
        case .int: return int(index, document).map(JSONValue.int)
        case .double:
            guard let value = double(index, document), value >= 0 || !isDuration(fact) else { return nil }
            return .double(value)
        case .string:
            guard let text = text(index, document, isCut: &isCut), !text.isEmpty else { return nil }
            return .string(text)
        case .timestamp:
            return timestamp(document.nodes[index], document).map { .string($0.rfc3339) }
        case .object, .list, .any: return nil
        }
    }

    /// Whether a fact is kept as JSON and not as a scalar.
    static func isStructured(_ fact: Fact) -> Bool {
        switch fact.type {
        case .object, .list, .any: true
        default: false
        }
    }

    /// Whether a value can stand for a fact that is kept as JSON. An empty text, `null` and the text `{}`, which the
    /// platform writes for "no warnings", cannot.
    static func isUsable(_ index: Int, as type: FactType, in document: JSONDocument) -> Bool {
        let node = document.nodes[index]
        switch (type, node.kind) {
        case (.object, .object), (.list, .array): return true
        case (.any, .string): return node.length > 0 && !document.isText(node, equalTo: "{}")
        case (.any, .null), (.any, .notANumber), (.any, .infinity), (.any, .negativeInfinity): return false
        case (.any, _): return true
        default: return false
        }
    }

    /// The document inside a text that holds a JSON object of at most 64 KiB, or `nil`.
    static func encodedObject(_ index: Int, in document: JSONDocument) -> JSONDocument? {
        let node = document.nodes[index]
        guard node.kind == .string, node.length <= 65_536 else { return nil }
        let inner = try? JSONDocument(document.text(node))
        return inner?.nodes[0].kind == .object ? inner : nil
    }

    /// Measures whose negative values are the platform's sign for "not known".
    private static func isDuration(_ fact: Fact) -> Bool {
        switch fact {
        case .latency, .timeToFirstToken, .tokensPerSecond, .routingTime: true
        default: false
        }
    }

    private static func bool(_ index: Int, _ document: JSONDocument) -> JSONValue? {
        let node = document.nodes[index]
        switch node.kind {
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .integer: return document.number(node).int.flatMap { 0...1 ~= $0 ? .bool($0 == 1) : nil }
        case .string where document.isText(node, equalTo: "true"): return .bool(true)
        case .string where document.isText(node, equalTo: "false"): return .bool(false)
        default: return nil
        }
    }

    private static func int(_ index: Int, _ document: JSONDocument) -> Int64? {
        switch document.nodes[index].kind {
        case .true: 1
        case .false: 0
        default: number(index, document).flatMap { $0.int ?? $0.double.flatMap { Int64(exactly: $0) } }
        }
    }

    private static func double(_ index: Int, _ document: JSONDocument) -> Double? {
        number(index, document)?.double
    }

    /// A number, or a text that is exactly one.
    private static func number(_ index: Int, _ document: JSONDocument) -> JSONValue? {
        let node = document.nodes[index]
        switch node.kind {
        case .integer, .double: return document.number(node)
        case .string:
            guard 1...numberBytesMax ~= Int(node.length) else { return nil }
            let text = document.text(node)
            guard let first = text.first, first.isDigit || first == UInt8(ascii: "-"), text.last?.isDigit == true,
                let inner = try? JSONDocument(text)
            else { return nil }
            return inner.number(inner.nodes[0])
        default: return nil
        }
    }

    /// A date and time; one without a zone is in UTC.
    private static func timestamp(_ node: JSONNode, _ document: JSONDocument) -> Timestamp? {
        guard node.kind == .string, node.length <= numberBytesMax else { return nil }
        let text = document.text(node)
        return Timestamp(rfc3339Bytes: text) ?? Timestamp(rfc3339Bytes: text + [UInt8(ascii: "Z")])
    }

    private static func text(_ index: Int, _ document: JSONDocument, isCut: inout Bool) -> String? {
        let node = document.nodes[index]
        switch node.kind {
        case .string: return document.cutString(node, isCut: &isCut)
        case .integer where Int(node.length) <= numberBytesMax:
            let digits = String(decoding: document.span(node), as: UTF8.self)
            return digits == "-0" ? "0" : digits
        case .double:
            let value = document.double(node)
            var text: [UInt8] = []
            NumberText.append(value, to: &text)
            return value.isFinite ? String(decoding: text, as: UTF8.self) : nil
        default: return nil
        }
    }
}

extension JSONDocument {
    /// The text of a string, cut between characters at `Facts.textBytesMax`.
    func cutString(_ node: JSONNode, isCut: inout Bool) -> String {
        if !node.content.contains(.escapes), node.length <= Facts.textBytesMax {
            return String(decoding: span(node), as: UTF8.self)
        }
        let text = self.text(node, bytesMax: Facts.textBytesMax + 4)
        guard text.count > Facts.textBytesMax else { return String(decoding: text, as: UTF8.self) }
        isCut = true
        return String(decoding: UTF8Cut.prefix(text, bytesMax: Facts.textBytesMax), as: UTF8.self)
    }
}
