/// The facts of one event: everything that rules, mails and lists may know about it, at most 4,096 bytes encoded, and
/// never content or credentials.
///
/// They are an ordered JSON object under the names of `Fact`: first the known facts, then `metadata`, `scores` and
/// `limit_info`, then whatever else of the event is small.
package struct Facts: Sendable {
    /// The most that `encoded()` returns for facts taken from a log.
    package static let bytesMax = 4_096
    /// The most of a text that is kept; longer ones are cut between characters.
    package static let textBytesMax = 512
    /// The member that marks a reduced event in the encoded form.
    static let reducedMark = "hookmail_reduced"

    private let members: JSONObject
    /// For every fact the index of its member plus one, or 0.
    private let places: [Int32]
    /// What `encoded` returns, where it has been written already.
    private let written: [UInt8]?

    /// Whether something was left out or cut because of its size.
    package let isReduced: Bool

    /// Reads what `encoded` wrote. For an event as a sender writes it use `init(log:)`.
    package init(decoding bytes: [UInt8]) throws(JSONFault) {
        guard let object = try JSONValue.decode(bytes).object else { throw JSONFault(.notAnObject, at: 0) }
        self.init(object: object)
    }

    /// No facts: of what no event has decided.
    package static let none = Facts(object: JSONObject())

    /// Takes facts under their own names, typed.
    init(object: JSONObject) {
        var object = object
        let isReduced = object.members.last.map { $0.key == Self.reducedMark && $0.value.bool == true } ?? false
        if isReduced { object[Self.reducedMark] = nil }
        self.init(members: object, isReduced: isReduced)
    }

    /// Takes facts under their own names, typed, without the mark.
    init(members: JSONObject, isReduced: Bool) {
        var places = [Int32](repeating: 0, count: Fact.allCases.count)
        for (index, member) in members.members.enumerated() {
            guard let match = FactNames.shared.lookUp(member.key.utf8), !match.isAlias else { continue }
            places[match.fact.rawValue] = Int32(truncatingIfNeeded: index + 1)
        }
        self.init(members: members, places: places, encoded: nil, isReduced: isReduced)
    }

    /// Takes packed facts as they are.
    ///
    /// - Parameters:
    ///   - places: for every fact the index of its member plus one, or 0.
    ///   - encoded: what `encoded()` returns for these facts, or `nil` to write it when asked.
    init(members: JSONObject, places: [Int32], encoded: [UInt8]?, isReduced: Bool) {
        self.members = members
        self.isReduced = isReduced
        self.places = places
        written = encoded
    }

    /// Compact JSON for the store.
    package func encoded() -> [UInt8] {
        if let written { return written }
        var object = members
        if isReduced { object[Self.reducedMark] = .bool(true) }
        return JSONValue.object(object).encoded()
    }

    /// The fact's value, of the fact's type.
    package subscript(_ fact: Fact) -> FactValue {
        let place = places[fact.rawValue]
        guard place > 0 else { return .absent }
        return Self.typed(members.members[Int(place) - 1].value, as: fact.type)
    }

    /// The caller's custom properties: an object, or `null`.
    package var metadata: JSONValue {
        if case .json(let value) = self[.metadata] { value } else { .null }
    }

    /// When the event says that it happened.
    package var timestamp: Timestamp? {
        if case .timestamp(let instant) = self[.timestamp] { instant } else { nil }
    }

    /// The reduced event: what is kept of the whole object, under the names of `Fact`.
    package var event: JSONValue { .object(members) }

    private static func typed(_ value: JSONValue, as type: FactType) -> FactValue {
        switch (type, value) {
        case (_, .null): .absent
        case (.bool, .bool(let value)): .bool(value)
        case (.int, .int(let value)): .int(value)
        case (.double, .double(let value)): .double(value)
        case (.double, .int(let value)): .double(Double(value))
        case (.string, .string(let value)): value.isEmpty ? .absent : .string(value)
        case (.timestamp, .string(let value)): Timestamp(rfc3339: value).map(FactValue.timestamp) ?? .absent
        case (.object, .object), (.list, .array): .json(value)
        case (.any, .string(let text)): text.isEmpty ? .absent : .json(value)
        case (.any, _): .json(value)
        default: .absent
        }
    }
}

extension Facts: Equatable {
    /// Equal members in the same order.
    package static func == (lhs: Facts, rhs: Facts) -> Bool {
        lhs.members == rhs.members && lhs.isReduced == rhs.isReduced
    }
}
