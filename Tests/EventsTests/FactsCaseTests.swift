import Events
import Testing

/// The facts of invented logs, one folder a case: `log.json` and what `facts.json` says (`null`: absent).
struct FactsCaseTests {
    @Test func thereAreCases() {
        #expect(FixtureFolder.cases(of: "facts").count >= 25)
    }

    @Test(arguments: FixtureFolder.cases(of: "facts"))
    func factsAreAsExpected(folder: FixtureFolder) throws {
        let facts = try Facts(log: folder.bytes("log.json"))
        let expected = try #require(JSONValue.decode(folder.bytes("facts.json")).object)
        for (name, value) in expected.members {
            let fact = try #require(Fact.named(name), "\(name)")
            #expect(Self.json(facts[fact]) == value, "\(name)")
        }
        let decoded = try Facts(decoding: facts.encoded())
        #expect(decoded == facts)
        for fact in Fact.allCases { #expect(decoded[fact] == facts[fact], "\(fact)") }
    }

    private static func json(_ value: FactValue) -> JSONValue {
        switch value {
        case .absent: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .timestamp(let value): .string(value.rfc3339)
        case .json(let value): value
        }
    }
}
