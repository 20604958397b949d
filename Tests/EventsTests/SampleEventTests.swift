import Events
import Foundation
import Testing

/// Where the shared sample events are, when the environment names them.
enum SampleEvents {
    static let path = ProcessInfo.processInfo.environment["HOOKMAIL_EVENTS"]

    static func lines() throws -> [[UInt8]] {
        let data = try Data(contentsOf: URL(filePath: path ?? ""))
        return Array(data).split(separator: 0x0A).map { Array($0) }
    }
}

@Suite(.enabled(if: SampleEvents.path != nil, "HOOKMAIL_EVENTS is not set"))
struct SampleEventTests {
    @Test func everyEventIsReadAndTwelveFailed() throws {
        let lines = try SampleEvents.lines()
        let facts = try lines.map { try Facts(log: $0) }
        #expect(facts.count == 200)
        #expect(facts.filter { $0[.failed] == .bool(true) }.count == 12)
        for (line, facts) in zip(lines, facts) {
            #expect(try CanonicalText.of(line) == line)
            #expect(facts.encoded().count <= Facts.bytesMax)
            #expect(try Facts(decoding: facts.encoded()) == facts)
        }
    }

    @Test func factsAgreeWithThePlatformsNames() throws {
        for line in try SampleEvents.lines() {
            let event = try JSONValue.decode(line)
            let facts = try Facts(log: line)
            let latency = [event["latency"], event["generation_time"]].lazy.compactMap { $0?.double }.first
            #expect(facts[.latency] == (latency.map { $0 < 0 ? .absent : .double($0) } ?? .absent))
            #expect(facts[.cost] == (event["cost"]?.double.map { .double($0) } ?? .absent))
            #expect(facts[.statusCode] == (event["status_code"]?.int.map { .int($0) } ?? .absent))
        }
    }

    @Test func noContentAndNoCredentialIsAFact() throws {
        let content = ["prompt_messages", "completion_message", "input", "output", "full_request", "full_response"]
        for line in try SampleEvents.lines() {
            let event = try JSONValue.decode(line)
            let facts = String(decoding: try Facts(log: line).encoded(), as: UTF8.self)
            for name in content {
                #expect(!facts.contains("\"\(name)\""))
                for text in Self.texts(event[name]) where text.utf8.count > 40 && text != event["model"]?.string {
                    #expect(!facts.contains(text))
                }
            }
            #expect(!facts.lowercased().contains("api_key\""))
        }
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap { texts($0) }
        case .object(let object): object.members.flatMap { texts($0.value) }
        default: []
        }
    }
}
