import Events
import TestSupport
import Testing

/// Facts are written while they are packed; what was written must be what writing them afterwards gives.
struct PackedFactsTests {
    @Test(.timeLimit(.minutes(1))) func factsAreTheSameWrittenAtOnceAndWrittenLater() throws {
        var generator = SeededRandom.announced(for: "packed facts")
        var kept = 0
        for _ in 0..<2_000 {
            let log = Self.randomLog(using: &generator)
            guard let facts = try? Facts(log: log) else { continue }
            kept += 1
            let later = try Facts(decoding: facts.encoded())
            #expect(later == facts)
            #expect(later.encoded() == facts.encoded())
            for fact in Fact.allCases { #expect(later[fact] == facts[fact], "\(fact.name)") }
        }
        #expect(kept > 1_000)
    }

    /// A value that does not fit the fact of its name is kept beside the facts, unless the fact is there all the same.
    @Test(arguments: [
        (#"{"latency":"abc","generation_time":3,"x":1}"#, Fact.latency, FactValue.double(3)),
        (#"{"generation_time":3,"latency":{"p50":1}}"#, .latency, .double(3)),
        (#"{"failed":"maybe","x":1}"#, .failed, .bool(false)), (#"{"latency":-5,"x":1}"#, .latency, .double(-5)),
        (#"{"model":{"name":"m"}}"#, .model, .absent),
    ])
    func foreignFactsAreTheSameAfterTheStore(body: String, fact: Fact, value: FactValue) throws {
        let secret = Secret(Array("a secret of the tests".utf8), label: "test")
        let headers = SignatureScheme.github.sign(
            Array(body.utf8), with: secret, at: Timestamp(seconds: 0), id: "1")
        let delivery = try SignatureVerifier(source: "s", scheme: .github, secrets: [secret]).verify(
            InboundRequest(
                source: "s", headers: try #require(headers), body: Array(body.utf8), receivedAt: Timestamp(seconds: 0)))
        let facts = delivery.events[0].facts
        let stored = try Facts(decoding: facts.encoded())
        #expect(facts[fact] == value && stored[fact] == value)
        #expect(stored == facts)
        for fact in Fact.allCases { #expect(stored[fact] == facts[fact], "\(fact.name)") }
    }

    /// A log of some facts with fitting and unfitting values, and other members.
    private static func randomLog(using generator: inout SeededRandom) -> [UInt8] {
        var members: [String] = []
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            let fact = Fact.allCases[Int.random(in: 0..<Fact.allCases.count, using: &generator)]
            let name = Bool.random(using: &generator) ? fact.name : "other_\(generator.next() % 50)"
            let body = RandomBody.make(using: &generator)
            members.append("\"\(name)\":" + String(decoding: body, as: UTF8.self))
        }
        return Array("{\"model\":\"m\",\(members.joined(separator: ","))\(members.isEmpty ? "" : ",")\"cost\":1}".utf8)
    }
}
