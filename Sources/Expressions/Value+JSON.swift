package import Events

extension Value {
    /// The value as JSON, in protobuf's mapping: bytes as Base64, times as RFC 3339, durations as `1.5s`, types as
    /// their names, absent as null, numbers that JSON does not have (NaN, Infinity, integers beyond 64 signed bits) as
    /// texts, and map keys as texts.
    package var json: JSONValue {
        switch self {
        case .absent, .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .uint(let number): Int64(exactly: number).map { .int($0) } ?? .string(String(number))
        case .double(let number): number.isFinite ? .double(number) : .string(NumberForm.shortest(number))
        case .string(let text): .string(text)
        case .bytes(let bytes): .string(Base64.encode(bytes))
        case .list(let values): .array(values.map(\.json))
        case .array(let values): .array(values)
        case .object(let object): .object(object)
        case .map(let map): .object(Self.object(map))
        case .timestamp(let time): .string(time.rfc3339)
        case .duration(let duration): .string(duration.text)
        case .type(let type): .string(type.rawValue)
        }
    }

    private static func object(_ map: ValueMap) -> JSONObject {
        var object = JSONObject()
        for (key, value) in map.entries {
            switch key {
            case .string(let text): object[text] = value.json
            default: object[key.celText] = value.json
            }
        }
        return object
    }

    /// The value as compact JSON text in UTF-8.
    package func encodedJSON() -> [UInt8] { json.encoded() }
}
