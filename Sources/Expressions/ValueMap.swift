/// A map made by an expression: keys are int, uint, bool or string, unique, in the order written.
///
/// Keys are found across number types, as CEL demands: `{1: "a"}[1u]` and `{1: "a"}[1.0]` find the entry.
package struct ValueMap: Sendable {
    /// The entries in the order written.
    package private(set) var entries: [(key: Value, value: Value)] = []
    private var positions: [ScalarKey: Int] = [:]

    package init() {}

    /// The value under `key`, or `nil` when there is none or the key is of a type no key can have.
    package subscript(key: Value) -> Value? {
        guard let key = ScalarKey(key), let position = positions[key] else { return nil }
        return entries[position].value
    }

    /// Adds an entry.
    ///
    /// - Returns: `false`, and nothing is added, when the key is there already.
    package mutating func insert(_ value: Value, under key: Value) -> Bool {
        guard let scalar = ScalarKey(key), positions[scalar] == nil else { return false }
        positions[scalar] = entries.count
        entries.append((key, value))
        return true
    }

    /// Whether a value may be a key at all.
    package static func isKey(_ value: Value) -> Bool {
        switch value {
        case .int, .uint, .bool, .string: true
        default: false
        }
    }
}

/// A scalar value in the form in which equal values are equal keys: whole numbers of all three types are one kind,
/// and texts are told apart by their code points.
struct ScalarKey: Hashable, Sendable {
    private enum Form: Hashable {
        case null
        case bool(Bool)
        case int(Int64)
        /// Only above the range of `int`.
        case uint(UInt64)
        /// Only where it is no whole number of the two ranges above; never NaN.
        case double(Double)
        case text([UInt8])
    }

    private let form: Form

    /// The key for `value`, or `nil` for what is no scalar or equals nothing, as NaN.
    init?(_ value: Value) {
        switch value {
        case .null: form = .null
        case .bool(let flag): form = .bool(flag)
        case .int(let number): form = .int(number)
        case .uint(let number): form = Int64(exactly: number).map { .int($0) } ?? .uint(number)
        case .double(let number):
            guard !number.isNaN else { return nil }
            if let whole = Int64(exactly: number) {
                form = .int(whole)
            } else if let whole = UInt64(exactly: number) {
                form = .uint(whole)
            } else {
                form = .double(number)
            }
        case .string(let text): form = .text(Array(text.utf8))
        default: return nil
        }
    }
}
