import Events
import Expressions

/// Values for the variables that random expressions use: one of every type, and a random event.
enum RandomVariables {
    /// The variables of a kind.
    static let names: [RandomExpression.Kind: [String]] = [
        .bool: ["p", "event.failed"], .int: ["i", "j", "event.status_code"], .uint: ["u"],
        .double: ["d", "e", "event.cost"],
        .string: ["s", "t", "event.model", "event.metadata.team"], .bytes: ["b"], .list: ["l", "event.tags"],
        .map: ["m", "event", "event.metadata"], .timestamp: ["ts"], .duration: ["du"], .any: ["x", "event.odd"],
    ]

    /// A value for every name.
    static func values(_ generator: inout SeededGenerator) -> [String: Value] {
        [
            "p": .bool(Bool.random(using: &generator)), "i": .int(int(&generator)), "j": .int(int(&generator)),
            "u": .uint(UInt64(truncatingIfNeeded: int(&generator))), "d": .double(double(&generator)),
            "e": .double(double(&generator)), "s": .string(string(&generator)), "t": .string(string(&generator)),
            "b": .bytes(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in UInt8.random(in: 1...255, using: &generator) }
            ),
            "l": .list((0..<Int.random(in: 0...4, using: &generator)).map { _ in json(1, &generator) }),
            "m": object(["a", "b", "c"], 2, &generator), "ts": time(&generator), "du": duration(&generator),
            "x": json(2, &generator), "event": event(&generator),
        ]
    }

    private static func one<T>(_ choices: [T], _ generator: inout SeededGenerator) -> T {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    private static func int(_ generator: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: Int64.random(in: -3...12, using: &generator)
        case 1: one([.min, .max, 0, 1 << 53, 1 << 31, 253_402_300_800], &generator)
        default: Int64.random(in: .min ... .max, using: &generator)
        }
    }

    private static func double(_ generator: inout SeededGenerator) -> Double {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: Double(Int.random(in: -20...20, using: &generator)) / 4
        case 1: one([.nan, .infinity, -.infinity, -0.0, 0x1p63, 0x1p64, -0x1p63, .leastNonzeroMagnitude], &generator)
        default: Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
        }
    }

    private static func string(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "b", "c", " ", "é", "e\u{301}", "\u{1F600}", "X", "\n", "\"", "\\", "1", "-", "%", "ß",
        ]
        return (0..<Int.random(in: 0...5, using: &generator)).map { _ in one(pieces, &generator) }.joined()
    }

    private static func time(_ generator: inout SeededGenerator) -> Value {
        let seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &generator)
        let microseconds = Int32.random(in: 0..<1_000_000, using: &generator)
        return TimeValue(seconds: seconds, nanoseconds: microseconds * 1_000).map { .timestamp($0) } ?? .null
    }

    private static func duration(_ generator: inout SeededGenerator) -> Value {
        let microseconds = Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator)
        return DurationValue(totalNanoseconds: Int128(microseconds) * 1_000).map { .duration($0) } ?? .null
    }

    private static func json(_ depth: Int, _ generator: inout SeededGenerator) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2, 3: .int(int(&generator))
        case 4: .double(double(&generator))
        case 5: .string(string(&generator))
        case 6: .list((0..<Int.random(in: 0...3, using: &generator)).map { _ in json(depth - 1, &generator) })
        default: object(["a", "b"], depth - 1, &generator)
        }
    }

    private static func object(_ keys: [String], _ depth: Int, _ generator: inout SeededGenerator) -> Value {
        var map = ValueMap()
        for key in keys where Bool.random(using: &generator) {
            _ = map.insert(json(depth, &generator), under: .string(key))
        }
        return .map(map)
    }

    /// A request log as a map, each of its fields missing now and then, and now and then of another type.
    private static func event(_ generator: inout SeededGenerator) -> Value {
        var map = ValueMap()
        let fields: [(String, Value)] = [
            ("failed", .bool(Bool.random(using: &generator))), ("status_code", .int(one([200, 429, 500], &generator))),
            ("cost", .double(one([0.0, 0.5, 0.75, 2.25], &generator))),
            ("model", .string(one(["gpt-4o", "claude", "a"], &generator))),
            ("tags", .list([.string("a"), .string("b")])), ("metadata", object(["team", "plan"], 1, &generator)),
            ("odd", json(2, &generator)),
        ]
        for (name, value) in fields where Int.random(in: 0..<6, using: &generator) > 0 {
            let isOdd = Int.random(in: 0..<12, using: &generator) == 0
            _ = map.insert(isOdd ? json(1, &generator) : value, under: .string(name))
        }
        return .map(map)
    }
}
