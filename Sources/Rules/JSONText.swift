import Events

/// JSON as people write it in YAML, without quotes.
enum JSONText {
    /// One line; a text that holds signs of YAML reads no less well for it.
    static func plain(_ value: JSONValue) -> String {
        switch value {
        case .object(let object):
            "{\(object.members.map { "\($0.key): \(plain($0.value))" }.joined(separator: ", "))}"
        case .array(let elements): "[\(elements.map(plain).joined(separator: ", "))]"
        case .string(let text): text
        default: String(decoding: value.encoded(), as: UTF8.self)
        }
    }
}
