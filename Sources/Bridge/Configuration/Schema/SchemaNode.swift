package import Events

/// A part of the JSON Schema (draft-07) of the configuration file: what may stand at one place of the YAML tree.
package struct SchemaNode: Sendable {
    /// A key of an object and what may stand behind it.
    package struct Key: Sendable {
        let name: String
        let node: SchemaNode
        let isRequired: Bool
    }

    /// The keywords in the order in which they are written.
    private(set) var keywords = JSONObject()
    /// The keys of every object in this part, by the reader's subject: what a test compares with the reader.
    package private(set) var keys: [String: Set<String>] = [:]

    /// The part as JSON.
    package var json: JSONValue { .object(keywords) }

    // MARK: Kinds

    /// An object with these keys and no others.
    ///
    /// - Parameters:
    ///   - subject: What `MappingReader` calls the mapping in its messages, such as `a rule`.
    ///   - keys: In the order in which editors offer them.
    static func object(_ subject: String, _ keys: [Key]) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = .string("object")
        node.keywords["additionalProperties"] = .bool(false)
        let required = keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { node.keywords["required"] = .array(required) }
        var properties = JSONObject()
        for key in keys {
            properties[key.name] = key.node.json
            node.adopt(key.node)
        }
        node.keywords["properties"] = .object(properties)
        node.keys[subject, default: []].formUnion(keys.map(\.name))
        return node
    }

    /// An object whose keys are names that users choose.
    static func named(
        _ value: SchemaNode, namePattern: String, countMin: Int = 0, countMax: Int
    ) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = .string("object")
        if countMin > 0 { node.keywords["minProperties"] = .int(Int64(countMin)) }
        node.keywords["maxProperties"] = .int(Int64(countMax))
        node.keywords["propertyNames"] = .object(JSONObject([("pattern", .string(namePattern))]))
        node.keywords["additionalProperties"] = value.json
        node.adopt(value)
        return node
    }

    /// A list.
    static func list(of item: SchemaNode, countMax: Int) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = .string("array")
        node.keywords["minItems"] = .int(1)
        node.keywords["maxItems"] = .int(Int64(countMax))
        node.keywords["items"] = item.json
        node.adopt(item)
        return node
    }

    /// One thing, or a list of such things.
    static func oneOrList(of item: SchemaNode, countMax: Int) -> SchemaNode {
        oneOf([item, list(of: item, countMax: countMax)])
    }

    /// Exactly one of several forms.
    static func oneOf(_ forms: [SchemaNode]) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["oneOf"] = .array(forms.map(\.json))
        for form in forms { node.adopt(form) }
        return node
    }

    /// A text. What YAML reads as a number is a text to Hookmail where a person may mean it so, as in `name: 404`.
    static func text(pattern: String? = nil, bytesMax: Int? = nil, orNumber: Bool = false) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = orNumber ? .array([.string("string"), .string("number")]) : .string("string")
        node.keywords["minLength"] = .int(1)
        if let bytesMax { node.keywords["maxLength"] = .int(Int64(bytesMax)) }
        if let pattern { node.keywords["pattern"] = .string(pattern) }
        return node
    }

    /// One of several words.
    static func choice(of words: [String]) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["enum"] = .array(words.map { .string($0) })
        return node
    }

    /// A number.
    static func number(
        from least: Double? = nil, above: Double? = nil, to most: Double? = nil, below: Double? = nil
    ) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = .string("number")
        node.keywords["minimum"] = least.map { .double($0) }
        node.keywords["exclusiveMinimum"] = above.map { .double($0) }
        node.keywords["maximum"] = most.map { .double($0) }
        node.keywords["exclusiveMaximum"] = below.map { .double($0) }
        return node
    }

    /// A whole number.
    static func whole(_ range: ClosedRange<Int64>) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = .string("integer")
        node.keywords["minimum"] = .int(range.lowerBound)
        node.keywords["maximum"] = .int(range.upperBound)
        return node
    }

    /// Whatever stands there.
    static var anything: SchemaNode { SchemaNode() }

    /// True or false.
    static var flag: SchemaNode {
        var node = SchemaNode()
        node.keywords["type"] = .string("boolean")
        return node
    }

    /// One or more of several forms at once.
    static func anyOf(_ forms: [SchemaNode]) -> SchemaNode {
        var node = SchemaNode()
        node.keywords["anyOf"] = .array(forms.map(\.json))
        for form in forms { node.adopt(form) }
        return node
    }

    // MARK: Words

    /// The part with what editors show beside it.
    ///
    /// - Parameters:
    ///   - description: What it means, in full sentences.
    ///   - standard: What counts when the key is left out.
    ///   - examples: Texts that editors offer.
    func described(_ description: String, standard: String? = nil, examples: [String] = []) -> SchemaNode {
        var node = self
        var words = JSONObject([("description", .string(description))])
        if let standard { words["default"] = .string(standard) }
        if !examples.isEmpty { words["examples"] = .array(examples.map { .string($0) }) }
        node.keywords = JSONObject(words.members + keywords.members)
        return node
    }

    /// The part as a key of an object.
    func key(_ name: String, isRequired: Bool = false) -> Key { Key(name: name, node: self, isRequired: isRequired) }

    /// The part with what stands at the head of a whole schema.
    func titled(_ title: String) -> SchemaNode {
        var node = self
        node.keywords = JSONObject(
            [("$schema", .string("http://json-schema.org/draft-07/schema#")), ("title", .string(title))]
                + keywords.members)
        return node
    }

    private mutating func adopt(_ child: SchemaNode) {
        keys.merge(child.keys) { $0.union($1) }
    }
}
