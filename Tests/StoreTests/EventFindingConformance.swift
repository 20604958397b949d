import Events
import Rules
import Store
import TestSupport
import Testing

@Suite("Finding events by their sender's id: every store", .timeLimit(.minutes(2)))
struct EventFindingConformance {
    @Test(arguments: StoreMaker.all)
    func everySourcesEventsWithTheirRevisionsAreFound(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            for number in 1...3 { try await store.append(EventMaker.event("log-\(number)")) }
            let first = try await store.events(before: nil, limit: 10)[1].id
            let elsewhere = try await store.append(EventMaker.event("log-2", source: "staging")).id
            let revised = try await store.append(EventMaker.event("log-2", status: 200)).id
            #expect(try await store.events(calledBy: "log-2", limit: 10).map(\.id) == [revised, elsewhere, first])
            #expect(try await store.events(calledBy: "log-2", limit: 2).map(\.id) == [revised, elsewhere])
            for id in ["log", "LOG-2", "", "log-2\"", "%", "production"] {
                #expect(try await store.events(calledBy: id, limit: 10).isEmpty, "\(id)")
            }
        }
    }

    @Test(arguments: StoreMaker.all)
    func theIDMayBeAmongTheFactsAlone(maker: StoreMaker) async throws {
        try await maker.withStore { store in
            let body = #"{"unique_id":"u \"1\"","full_unique_id":"org/u1","id":"row-9","status_code":500,"note":"n"}"#
            let id = try await store.append(try #require(try EventMaker.events(body).first)).id
            try await store.append(EventMaker.event("log-1"))
            for name in [#"u "1""#, "org/u1", "row-9"] {
                #expect(try await store.events(calledBy: name, limit: 10).map(\.id) == [id], "\(name)")
            }
            #expect(try await store.events(calledBy: "n", limit: 10).isEmpty, "no id stands there")
        }
    }
}
