internal import Events

/// What is known of a value's type before there is an event.
package enum StaticType: Sendable, Hashable {
    /// Nothing: the type shows when the expression runs.
    case any
    /// The value has this type, is absent, or the expression fails.
    case known(ValueType)

    static let bool = StaticType.known(.bool)
    static let int = StaticType.known(.int)
    static let uint = StaticType.known(.uint)
    static let double = StaticType.known(.double)
    static let string = StaticType.known(.string)
    static let bytes = StaticType.known(.bytes)
    static let list = StaticType.known(.list)
    static let map = StaticType.known(.map)
    static let timestamp = StaticType.known(.timestamp)
    static let duration = StaticType.known(.duration)
    static let type = StaticType.known(.type)

    /// The type of a fact whenever it is not absent.
    init(_ type: FactType) {
        switch type {
        case .bool: self = .bool
        case .int: self = .int
        case .double: self = .double
        case .string: self = .string
        case .timestamp: self = .timestamp
        case .object: self = .map
        case .list: self = .list
        case .any: self = .any
        }
    }

    /// The type, where it is known.
    package var valueType: ValueType? {
        if case .known(let type) = self { type } else { nil }
    }

    /// Whether a value of this type may stand where `expected` is wanted.
    func fits(_ expected: StaticType) -> Bool {
        self == .any || expected == .any || self == expected
    }

    /// The type of a value that has one of two types.
    func joined(_ other: StaticType) -> StaticType {
        self == other ? self : .any
    }
}
