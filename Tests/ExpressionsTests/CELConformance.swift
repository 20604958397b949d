import Events
import Expressions
import Foundation
import Testing

/// The conformance suite of CEL, on the file that `HOOKMAIL_CEL_CONFORMANCE` names. Skipped without it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HOOKMAIL_CEL_CONFORMANCE"] != nil))
struct CELConformance {
    /// Whole groups of cases that are not run, each with its reason; every other case has to pass.
    static let skippedTiers = [
        "checker-only": "asks for the type that a full checker gives to an expression that is never run",
        "ext:optionals": "a field that is missing reads as absent, so a rule needs no optional values",
        "ext:block": "the output of an optimizer, which nobody writes",
        "ext:network": "addresses are compared by the firewall in front of us; events carry none",
    ]

    /// Single cases that are not run, by `file/section/name`, each with its reason.
    static let skipped: [String: String] = [:]

    private static func reason(toSkip testCase: ConformanceCase) -> String? {
        if testCase.disablesMacros { return "macros cannot be switched off" }
        return skippedTiers[testCase.tier] ?? skipped[testCase.place]
    }

    @Test(.timeLimit(.minutes(2)))
    func everyCaseOfImplementedFeaturesPasses() throws {
        let path = try #require(ProcessInfo.processInfo.environment["HOOKMAIL_CEL_CONFORMANCE"])
        let cases = try ConformanceCase.load(path)
        var passed = 0
        var skipped: [String: Int] = [:]
        for testCase in cases {
            if let reason = Self.reason(toSkip: testCase) {
                skipped[reason, default: 0] += 1
                continue
            }
            let outcome = testCase.run()
            if testCase.accepts(outcome) {
                passed += 1
            } else {
                Issue.record("[\(testCase.index)] \(testCase.place): \(testCase.expression) gave \(outcome)")
            }
        }
        let total = cases.count - skipped.values.reduce(0, +)
        print("CEL conformance: passed \(passed) of \(total), \(cases.count) cases in the file")
        for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) { print("  not run: \(count), \(reason)") }
        #expect(passed == total)
        #expect(passed > 0)
    }
}

/// One case of the suite, in the encoding of the shared data's README.
struct ConformanceCase {
    let index: Int
    let place: String
    let tier: String
    let expression: String
    let container: String
    let disablesMacros: Bool
    let disablesCheck: Bool
    let bindings: [String: Value]
    let variables: [String]
    /// `nil` where an error is expected.
    let expected: Value?

    /// A file that is not of the format.
    struct FormatError: Error {}

    static func load(_ path: String) throws -> [ConformanceCase] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard let rows = try JSONValue.decode(Array(data)).array else { throw FormatError() }
        return try rows.enumerated().map { try ConformanceCase($0.element, index: $0.offset) }
    }

    private init(_ row: JSONValue, index: Int) throws {
        self.index = index
        let names = ["file", "section", "name"].map { row[$0]?.string ?? "" }
        place = names.joined(separator: "/")
        tier = row["tier"]?.string ?? ""
        guard let text = row["expr"]?.string else { throw FormatError() }
        expression = text
        container = row["container"]?.string ?? ""
        disablesMacros = row["disable_macros"]?.bool ?? false
        disablesCheck = row["disable_check"]?.bool ?? false
        var bound: [String: Value] = [:]
        for (name, value) in row["bindings"]?.object?.members ?? [] { bound[name] = try Self.value(value) }
        bindings = bound
        variables = Array(bound.keys)
        expected = try row["expect"]?["value"].map(Self.value)
    }

    /// Compiles and runs the case; `nil` for any error.
    func run() -> Value? {
        let environment = Environment(variables: variables, isChecked: !disablesCheck, container: container)
        let source = ExpressionSource(text: expression, file: "case")
        guard let program = try? Program.compile(source, in: environment) else { return nil }
        return try? program.value(for: Activation(bindings: bindings)).get()
    }

    func accepts(_ outcome: Value?) -> Bool {
        guard let expected else { return outcome == nil }
        return outcome.map { Self.matches($0, expected) } ?? false
    }

    /// Same type and value; NaN matches NaN, and -0.0 is told from 0.0.
    static func matches(_ value: Value, _ expected: Value) -> Bool {
        switch (value, expected) {
        case (.double(let left), .double(let right)):
            return left.isNaN ? right.isNaN : left == right && left.sign == right.sign
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { matches($0, $1) }
        case (.map(let left), .map(let right)):
            return left.entries.count == right.entries.count
                && left.entries.allSatisfy { entry in
                    right.entries.contains { matches(entry.key, $0.key) && matches(entry.value, $0.value) }
                }
        default: return value.type == expected.type && value.isEqual(to: expected)
        }
    }

    private static func value(_ encoded: JSONValue) throws -> Value {
        let content = encoded["v"] ?? .null
        switch encoded["t"]?.string {
        case "null": return .null
        case "bool": return .bool(content.bool ?? false)
        case "int": return .int(try unwrap(Int64(content.string ?? "")))
        case "uint": return .uint(try unwrap(UInt64(content.string ?? "")))
        case "double":
            let digits = (content.string ?? "").replacingOccurrences(of: "Infinity", with: "inf")
            return .double(try unwrap(Double(digits)))
        case "string": return .string(try unwrap(content.string))
        case "bytes": return .bytes(Array(try unwrap(Data(base64Encoded: content.string ?? ""))))
        case "list": return .list(try (content.array ?? []).map(value))
        case "type": return .type(try unwrap(ValueType(rawValue: content.string ?? "")))
        case "map":
            var map = ValueMap()
            for pair in content.array ?? [] {
                let parts = try (pair.array ?? []).map(value)
                guard parts.count == 2, map.insert(parts[1], under: parts[0]) else { throw FormatError() }
            }
            return .map(map)
        case "timestamp", "duration":
            let parts = content.object == nil ? encoded : content
            let seconds = try unwrap(Int64(parts["seconds"]?.string ?? ""))
            let total = Int128(seconds) * 1_000_000_000 + Int128(parts["nanos"]?.int ?? 0)
            if encoded["t"]?.string == "duration" {
                return .duration(try unwrap(DurationValue(totalNanoseconds: total)))
            }
            let nanoseconds = Int32(parts["nanos"]?.int ?? 0)
            return .timestamp(try unwrap(TimeValue(seconds: seconds, nanoseconds: nanoseconds)))
        default: throw FormatError()
        }
    }

    private static func unwrap<T>(_ value: T?) throws -> T {
        guard let value else { throw FormatError() }
        return value
    }
}
