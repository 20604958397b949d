internal import Events

extension Function {
    /// The conversions between types, each named like its result.
    static let conversions: [Function] = [
        Function("bool", [([.bool], .bool), ([.string], .bool)], .one(toBool)),
        Function("int", numbers(to: .int) + [([.string], .int), ([.timestamp], .int), ([.bool], .int)], .one(toInt)),
        Function("uint", numbers(to: .uint) + [([.string], .uint)], .one(toUint)),
        Function("double", numbers(to: .double) + [([.string], .double)], .one(toDouble)),
        Function("string", stringOverloads, .one(toString)),
        Function("bytes", [([.bytes], .bytes), ([.string], .bytes)], .one(toBytes)),
        Function(
            "timestamp", [([.string], .timestamp), ([.timestamp], .timestamp), ([.int], .timestamp)],
            .one(toTimestamp)
        ),
        Function("duration", [([.string], .duration), ([.duration], .duration)], .one(toDuration)),
    ]

    private static func numbers(to result: StaticType) -> [([StaticType], StaticType)] {
        [([.int], result), ([.uint], result), ([.double], result)]
    }

    private static let stringOverloads: [([StaticType], StaticType)] = [
        StaticType.string, .bytes, .bool, .int, .uint, .double, .timestamp, .duration,
    ].map { ([$0], .string) }

    private static func refusal(_ text: StaticString) -> EvaluationFault {
        EvaluationFault(.argument, "\(text)")
    }

    private static let toBool: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .bool: return value
        case .string(let text):
            switch text {
            case "true", "True", "TRUE", "t", "1": return .bool(true)
            case "false", "False", "FALSE", "f", "0": return .bool(false)
            default: throw refusal("bool() got a text that is neither true nor false")
            }
        default: throw mismatch("bool", value)
        }
    }

    private static let outOfInt = EvaluationFault(.overflow, "int() got a number outside of its 64 bits")
    private static let outOfUint = EvaluationFault(.overflow, "uint() got a number outside of its 64 bits")

    private static let toInt: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .int: return value
        case .uint(let number):
            guard let whole = Int64(exactly: number) else { throw outOfInt }
            return .int(whole)
        case .double(let number):
            // CEL leaves out the smallest integer: the double there may stand for a smaller number too.
            guard number > -0x1p63, let whole = Int64(exactly: number.rounded(.towardZero)) else { throw outOfInt }
            return .int(whole)
        case .string(let text):
            guard let whole: Int64 = NumberForm.whole(text) else {
                throw refusal("int() got a text that is no whole number of 64 bits")
            }
            return .int(whole)
        case .timestamp(let time): return .int(time.seconds)
        // Google's implementation takes it; it makes flags countable.
        case .bool(let flag): return .int(flag ? 1 : 0)
        default: throw mismatch("int", value)
        }
    }

    private static let toUint: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .uint: return value
        case .int(let number):
            guard let whole = UInt64(exactly: number) else { throw outOfUint }
            return .uint(whole)
        case .double(let number):
            guard number >= 0, let whole = UInt64(exactly: number.rounded(.towardZero)) else { throw outOfUint }
            return .uint(whole)
        case .string(let text):
            guard !text.utf8.contains(UInt8(ascii: "-")), let whole: UInt64 = NumberForm.whole(text) else {
                throw refusal("uint() got a text that is no unsigned number of 64 bits")
            }
            return .uint(whole)
        default: throw mismatch("uint", value)
        }
    }

    private static let toDouble: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            guard let number = NumberForm.double(text) else { throw refusal("double() got a text that is no number") }
            return .double(number)
        default: throw mismatch("double", value)
        }
    }

    private static let toString: Body1 = { (value, budget) throws(EvaluationFault) in
        switch value {
        case .string: return value
        case .bool(let flag): return .string(flag ? "true" : "false")
        case .int(let number): return .string(String(number))
        case .uint(let number): return .string(String(number))
        case .double(let number): return .string(NumberForm.general(number))
        case .timestamp(let time): return .string(time.protobufText)
        case .duration(let duration): return .string(duration.protobufText)
        case .bytes(let bytes):
            try budget.pay(resultBytes: bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw refusal("string() got bytes that are no UTF-8")
            }
            return .string(text)
        default: throw mismatch("string", value)
        }
    }

    private static let toBytes: Body1 = { (value, budget) throws(EvaluationFault) in
        switch value {
        case .bytes: return value
        case .string(let text):
            try budget.pay(resultBytes: text.utf8.count)
            return .bytes(Array(text.utf8))
        default: throw mismatch("bytes", value)
        }
    }

    private static let toTimestamp: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .timestamp: return value
        case .int(let seconds):
            guard let time = TimeValue(seconds: seconds) else {
                throw EvaluationFault(.overflow, "timestamp() got seconds outside of the years 1 to 9999")
            }
            return .timestamp(time)
        case .string(let text):
            guard let time = TimeValue(rfc3339: text) else {
                throw refusal("timestamp() got a text that is no RFC 3339 time such as 2026-01-31T08:00:00Z")
            }
            return .timestamp(time)
        default: throw mismatch("timestamp", value)
        }
    }

    private static let toDuration: Body1 = { (value, _) throws(EvaluationFault) in
        switch value {
        case .duration: return value
        case .string(let text):
            guard let duration = DurationValue(parsing: text) else {
                throw refusal("duration() got a text that is no length of time such as 1h30m or 1.5s")
            }
            return .duration(duration)
        default: throw mismatch("duration", value)
        }
    }
}
