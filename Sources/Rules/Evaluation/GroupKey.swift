import Events
package import Expressions

/// The values of `per` that part a rule's events: one state each. Compared byte by byte.
package struct GroupKey: Hashable, Sendable, Comparable {
    /// Each value behind its length in two bytes.
    let bytes: [UInt8]

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The key of these values, each cut to `GroupField.valueBytesMax`.
    package init(_ values: [String]) {
        var bytes: [UInt8] = []
        for value in values {
            let text = UTF8Cut.prefix(Array(value.utf8), bytesMax: GroupField.valueBytesMax)
            bytes.append(UInt8(text.count >> 8))
            bytes.append(UInt8(text.count & 0xFF))
            bytes += text
        }
        self.bytes = bytes
    }

    /// Reads back `bytes`; `nil` for anything that is no key.
    init?(decoding bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes == Self.other.bytes || isWellFormed else { return nil }
    }

    /// The one group of a rule without `per`.
    package static let whole = GroupKey([])
    /// The group of all that find no place of their own.
    package static let other = GroupKey(bytes: [0xFF])

    /// The group of an event. A value that is missing, or that cannot be had, reads `(none)`.
    package init(_ fields: [GroupField], _ activation: Activation) {
        guard !fields.isEmpty else {
            self = .whole
            return
        }
        self.init(fields.map { Self.text($0.value.value(for: activation)) })
    }

    /// The text of a value: a text as it is, anything else as JSON.
    private static func text(_ value: Result<Value, EvaluationFault>) -> String {
        guard case .success(let value) = value else { return GroupField.none }
        switch value {
        case .absent, .null: return GroupField.none
        case .string(let text): return text
        default: return String(decoding: value.encodedJSON(), as: UTF8.self)
        }
    }

    private var isWellFormed: Bool {
        var index = 0
        while index < bytes.count {
            guard index + 2 <= bytes.count else { return false }
            index += 2 + (Int(bytes[index]) << 8 | Int(bytes[index + 1]))
        }
        return index == bytes.count
    }

    /// The values in the order of `per`.
    package var values: [String] {
        guard self != .other else { return ["(other)"] }
        var values: [String] = []
        var index = 0
        while index + 2 <= bytes.count {
            let end = index + 2 + (Int(bytes[index]) << 8 | Int(bytes[index + 1]))
            guard end <= bytes.count else { break }
            values.append(String(decoding: bytes[(index + 2)..<end], as: UTF8.self))
            index = end
        }
        return values
    }

    /// The group as people read it, or `nil` for a rule without groups.
    package var text: String? {
        bytes.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// In the order of their bytes: what has to happen at the same instant happens in one order.
    package static func < (lhs: GroupKey, rhs: GroupKey) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }

    /// What names the group in the keys of state rows: 32 hexadecimal digits, or nothing.
    var rowName: String {
        bytes.isEmpty ? "" : String(Hash.sha256Hex(bytes).prefix(32))
    }
}
