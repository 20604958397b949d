/// A JSON value small enough to be kept: facts, `metadata`, the reduced event. Bodies are never turned into one.
///
/// Texts hold U+FFFD where the body had a lone surrogate. Compare texts with `utf8`: Swift's `==` on `String` is
/// canonical equivalence, which would merge keys that JSON keeps apart.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number token without `.` or exponent that fits 64 bits.
    case int(Int64)
    /// Any other finite number.
    case double(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order received; a repeated key stands at its first position with its last value.
    case object(JSONObject)
}

/// An ordered JSON object whose keys are compared byte by byte (UTF-8), without Unicode normalisation.
package struct JSONObject: Sendable {
    package typealias Member = (key: String, value: JSONValue)

    /// The members in order, keys unique.
    package private(set) var members: [Member] = []

    package init() {}

    /// Takes members whose keys are known to differ.
    init(uniqueMembers: [Member]) {
        members = uniqueMembers
    }

    /// Takes members in order; a repeated key stands at its first position with its last value.
    package init(_ members: some Sequence<Member>) {
        var places: [[UInt8]: Int] = [:]
        for member in members {
            if let place = places.updateValue(self.members.count, forKey: Array(member.key.utf8)) {
                places[Array(member.key.utf8)] = place
                self.members[place].value = member.value
            } else {
                self.members.append(member)
            }
        }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }

    /// The value under `key`, or `nil` when there is no such member. Setting keeps the position of a known key.
    package subscript(key: String) -> JSONValue? {
        get { members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value }
        set {
            if let index = members.firstIndex(where: { $0.key.utf8.elementsEqual(key.utf8) }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append((key, newValue))
            }
        }
    }
}
