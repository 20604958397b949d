/// Literals at the edges of their types.
enum RandomLiteral {
    /// A literal, or the shortest expression, of a kind.
    static func text(_ kind: RandomExpression.Kind, _ generator: inout SeededGenerator) -> String {
        if kind == .any {
            let kinds = RandomExpression.Kind.allCases.filter { $0 != .any }
            return text(kinds[Int.random(in: 0..<kinds.count, using: &generator)], &generator)
        }
        let choices = literals[kind] ?? ["null"]
        return choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    static let patterns = [
        "'a'", "'^a.*'", "'[a-c]+$'", "'(?i)A'", "''", "r'\\d+'", "'('", "'^$'", "'\\u00e9'", "'a|b'", "r'\\bb\\b'",
    ]

    static let zones = [
        "UTC", "US/Central", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "+02:00",
        "-11:30",
        "05:45", "Nowhere/None", "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin", "America/Sao_Paulo",
    ]

    static let selectors = [
        "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes",
        "getSeconds", "getMilliseconds",
    ]

    static let durationSelectors = ["getHours", "getMinutes", "getSeconds", "getMilliseconds"]

    private static let literals: [RandomExpression.Kind: [String]] = [
        .bool: ["true", "false"],
        .int: [
            "0", "1", "-1", "2", "7", "10", "63", "64", "100", "-7", "0x1F", "-0xA", "9223372036854775807",
            "-9223372036854775808", "9007199254740993", "4294967296", "253402300799", "-62135596800",
        ],
        .uint: [
            "0u", "1u", "2u", "7u", "0xFFu", "18446744073709551615u", "9223372036854775808u", "9223372036854775807u",
        ],
        .double: [
            "0.0", "-0.0", "1.0", "-1.5", "2.5", "0.1", ".5", "1e300", "1e-300", "1e3", "123456789.125",
            "9223372036854775807.0", "9223372036854775808.0", "18446744073709551615.0", "9007199254740993.0",
            "(0.0/0.0)",
            "(1.0/0.0)", "(-1.0/0.0)", "0.3", "100000000000000000000.0", "1e15", "1e21", "5e-324", "0.000012345",
            "3.14159",
        ],
        .string: [
            "''", "'a'", "'b'", "'abc'", "'a b'", "\"q'\\\"\"", "'\\u00e9'", "'e\\u0301'", "'\\U0001F600'", "r'\\n'",
            "'''x'''",
            "'12'", "'-7'", "'1.5'", "'true'", "'1h30m'", "'2009-02-13T23:31:30Z'",
            "'2009-02-13T23:31:30.123456789+01:00'",
            "'aXbXc'", "' \\t pad\\n'", "'NaN'", "'1e3'", "'YWJj'", "'a,b,,c'", "'\\x41\\101'", "'\\u0000'", "'%'",
            "'UTC'",
            "'18446744073709551615'", "'-9223372036854775808'", "'0x10'", "'+1'", "' 1'", "'1.'", "'.5'", "'1s'",
            "'-1.5s'",
            "'ABC'", "'\\u00c9\\u01c5'", "'\\u2003x\\u00a0'", "'inf'", "'TRUE'", "'False'", "'9223372036854775808'",
        ],
        .bytes: ["b''", "b'a'", "b'abc'", "b'\\xff\\x00'", "b'\\u00e9'", "b'\\303\\251'", "br'\\n'", "rb'x'"],
        .list: ["[]", "[1, 2, 3]", "['a', 'b']", "[1, 'a', null, 2.0, 3u]", "[[1], [2]]", "[true]", "[1.5, 2u, -3]"],
        .map: [
            "{}", "{'a': 1}", "{'a': 'x', 'b': [1, 2]}", "{1: 'a', 2u: 'b'}", "{'b': {'c': null}}",
            "{true: 1, false: 2}",
        ],
        .timestamp: [
            "timestamp('2009-02-13T23:31:30Z')", "timestamp('1970-01-01T00:00:00Z')",
            "timestamp('0001-01-01T00:00:00Z')",
            "timestamp('9999-12-31T23:59:59.999999999Z')", "timestamp('2024-02-29T12:00:00.123456789-05:30')",
            "timestamp('2026-03-29T01:00:00Z')", "timestamp('1969-12-31T23:59:59.5Z')", "timestamp(1234567890)",
            "timestamp('2026-11-01T06:59:59Z')", "timestamp('1883-11-18T17:00:00Z')",
            "timestamp('2400-07-01T12:00:00Z')",
        ],
        .duration: [
            "duration('0s')", "duration('1s')", "duration('-1.5s')", "duration('1h2m3.004005006s')",
            "duration('250ms')",
            "duration('1us')", "duration('90m')",
            "duration('2562047h')", "duration('1.5h')", "duration('-1ns')",
        ],
        .null: ["null"],
        .type: [
            "int", "string", "bool", "double", "uint", "bytes", "list", "map", "null_type", "type",
            "google.protobuf.Timestamp", "google.protobuf.Duration",
        ],
    ]
}
