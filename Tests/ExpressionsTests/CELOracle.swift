import Events
import Expressions
import Foundation

/// Google's implementation of CEL in a process of its own: `cel_oracle.py` under the Python that
/// `HOOKMAIL_CEL_PYTHON` names, in which `cel-expr-python` is installed.
final class CELOracle {
    /// It ended, or answered something else than was asked.
    struct Failure: Error {}

    /// The interpreter, `nil` where the environment names none.
    static var python: String? { ProcessInfo.processInfo.environment["HOOKMAIL_CEL_PYTHON"] }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var pending: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(python: String) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("cel_oracle.py")
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-u", script.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Sends expressions over some variables; `answer` gives what they come to.
    func ask(_ expressions: [String], over variables: [String: Value]) throws {
        var names = JSONObject()
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) { names[name] = value.encodedForSuite }
        var batch = JSONObject()
        batch["variables"] = .object(names)
        batch["expressions"] = .array(expressions.map { .string($0) })
        try input.fileHandleForWriting.write(contentsOf: Data(JSONValue.object(batch).encoded() + [0x0A]))
    }

    /// The results of what was asked, in canonical texts; `!` for an error.
    func answer() throws -> [String] {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                let line = Array(pending[..<end])
                pending.removeFirst(end + 1)
                return try (JSONValue.decode(line).array ?? []).map { result in
                    guard let text = result.string else { throw Failure() }
                    return text
                }
            }
            // FileHandle's own reading waits for the whole count.
            let count = read(output.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
            guard count > 0 else { throw Failure() }
            pending.append(contentsOf: buffer[..<count])
        }
    }
}

extension Value {
    /// The value in the encoding of the conformance suite's JSON.
    var encodedForSuite: JSONValue {
        switch self {
        case .absent, .null: Self.tagged("null", .null)
        case .bool(let flag): Self.tagged("bool", .bool(flag))
        case .int(let number): Self.tagged("int", .string(String(number)))
        case .uint(let number): Self.tagged("uint", .string(String(number)))
        case .double(let number): Self.tagged("double", .string(number.isNaN ? "NaN" : number.description))
        case .string(let text): Self.tagged("string", .string(text))
        case .bytes(let bytes): Self.tagged("bytes", .string(Base64.encode(bytes)))
        case .list, .array: Self.tagged("list", .array((elements ?? []).map(\.encodedForSuite)))
        case .map, .object:
            Self.tagged("map", .array((entries ?? []).map { .array([$0.encodedForSuite, $1.encodedForSuite]) }))
        case .timestamp(let time): Self.tagged("timestamp", Self.span(time.seconds, time.nanoseconds))
        case .duration(let duration): Self.tagged("duration", Self.span(duration.seconds, duration.nanoseconds))
        case .type(let type): Self.tagged("type", .string(type.rawValue))
        }
    }

    private static func tagged(_ type: String, _ content: JSONValue) -> JSONValue {
        var object = JSONObject()
        object["t"] = .string(type)
        object["v"] = content
        return .object(object)
    }

    private static func span(_ seconds: Int64, _ nanoseconds: Int32) -> JSONValue {
        var object = JSONObject()
        object["seconds"] = .string(String(seconds))
        object["nanos"] = .int(Int64(nanoseconds))
        return .object(object)
    }

    /// The text under which the oracle gives an equal value of the same type. Keys are told apart as CEL does, by
    /// their number and not by the type of it.
    var canonicalText: String {
        switch self {
        case .absent, .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): String(number) + "u"
        case .double(let number): number.isNaN ? "d:nan" : "d:" + Self.hex(number.bitPattern)
        case .string(let text): "s:" + Self.hex(text.utf8)
        case .bytes(let bytes): "b:" + Self.hex(bytes)
        case .list, .array: "[" + (elements ?? []).map(\.canonicalText).joined(separator: ",") + "]"
        case .map, .object:
            "{"
                + (entries ?? []).map { (key: Self.keyText($0), value: $1.canonicalText) }
                .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\($0.value)" }
                .joined(separator: ",") + "}"
        case .timestamp(let time): "t:" + time.rfc3339
        case .duration(let duration): "D:" + String(duration.totalNanoseconds)
        case .type(let type): "T:" + type.rawValue
        }
    }

    private static func keyText(_ key: Value) -> String {
        if case .uint(let number) = key { String(number) } else { key.canonicalText }
    }

    private static func hex(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
