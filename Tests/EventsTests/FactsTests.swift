import Events
import Testing

struct FactsTests {
    @Test func everyFactHasOneName() {
        let names = Fact.allCases.map(\.name)
        #expect(Set(names).count == names.count)
        for fact in Fact.allCases {
            #expect(Fact.named(fact.name) == fact)
            #expect(fact.name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0) }, "\(fact)")
            #expect(String(describing: fact).lowercased() == fact.name.filter { $0 != "_" }, "\(fact)")
        }
        for (name, fact) in Fact.aliases { #expect(Fact.named(name) == fact) }
        #expect(Fact.named("prompt_messages") == nil)
        #expect(Fact.named("") == nil)
        #expect(Fact.cost.unit == "USD" && Fact.cost.type == .double)
    }

    @Test func factsOfAHugeEventFit() throws {
        var log = "{\"status_code\":500,\"api_key\":\"sk\""
        for fact in Fact.allCases where fact.type == .string {
            log += ",\"\(fact.name)\":\"" + String(repeating: "ü\\u0001", count: 400) + "\""
        }
        log += ",\"metadata\":{" + (0..<2_000).map { "\"key \($0)\":\"value\"" }.joined(separator: ",") + "}"
        log += ",\"latency\":1.5,\"extra\":[" + String(repeating: "1,", count: 9_000) + "1]}"
        let facts = try Facts(log: Array(log.utf8))
        #expect(facts.encoded().count <= Facts.bytesMax)
        #expect(facts.isReduced)
        #expect(facts[.statusCode] == .int(500) && facts[.latency] == .double(1.5) && facts[.failed] == .bool(true))
        let decoded = try Facts(decoding: facts.encoded())
        #expect(decoded.isReduced && decoded == facts)
        if case .string(let text) = facts[.status] { #expect(text.utf8.count <= Facts.textBytesMax) }
    }

    @Test func metadataKeepsWhatFits() throws {
        let log =
            "{\"metadata\":{\"big\":[" + String(repeating: "1,", count: 4_000)
            + "1],\"tier\":\"gold\"},\"x\":{\"y\":[1]}}"
        let facts = try Facts(log: Array(log.utf8))
        #expect(facts.metadata["tier"]?.string == "gold" && facts.metadata["big"] == nil)
        #expect(facts.isReduced)
        #expect(facts.event["x"]?["y"]?.array?.first?.int == 1)
    }

    @Test func smallEventIsKeptWholeWithoutContent() throws {
        let log =
            #"{"model":"m","own":{"a":[1,2.5,"t"],"messages":[1]},"input":"x","Prompt_Messages":[],"storage_key":"s"}"#
        let facts = try Facts(log: Array(log.utf8))
        #expect(!facts.isReduced)
        let expected = #"{"failed":false,"budget_blocked":false,"model":"m","own":{"a":[1,2.5,"t"]}}"#
        #expect(String(decoding: facts.encoded(), as: UTF8.self) == expected)
    }

    @Test func deepMetadataIsLeftOut() throws {
        let deep = String(repeating: "{\"a\":", count: 300) + "1" + String(repeating: "}", count: 300)
        let facts = try Facts(log: Array("{\"metadata\":\(deep),\"cost\":1}".utf8))
        #expect(facts.isReduced && facts[.cost] == .double(1))
        #expect(facts.encoded().count < 300)
    }

    @Test func otherTextsAreNoFacts() {
        for text in ["", "[]", "7", "[1]", "{"] {
            #expect(throws: JSONFault.self) { try Facts(log: Array(text.utf8)) }
            #expect(throws: JSONFault.self) { try Facts(decoding: Array(text.utf8)) }
        }
    }
}
