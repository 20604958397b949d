import Events
import Foundation
import Testing

/// What the commands say about the store, read page by page as a program would.
struct StoredRecords {
    let server: ServerProcess

    /// All events, oldest first.
    func events() async throws -> [JSONObject] { try await pages(["events", "list"]) }

    /// All mails, oldest first.
    func mails() async throws -> [JSONObject] { try await pages(["mails", "list"]) }

    /// One event with its decisions.
    func event(_ id: Int64) async throws -> JSONObject { try await object(["events", "show", "\(id)", "--json"]) }

    /// One mail with its attempts and message.
    func mail(_ id: Int64) async throws -> JSONObject { try await object(["mails", "show", "\(id)", "--json"]) }

    private func object(_ arguments: [String]) async throws -> JSONObject {
        let result = try await server.run(arguments)
        try #require(result.status == 0, "\(arguments): \(result.errors)")
        guard case .object(let object) = try JSONValue.decode(Array(result.output.utf8)) else {
            throw ServerFault(text: "no object: \(result.output)")
        }
        return object
    }

    private func pages(_ command: [String]) async throws -> [JSONObject] {
        var all: [JSONObject] = []
        while true {
            var arguments = command + ["--json", "--limit", "500"]
            if let last = all.last?.int("id") { arguments += ["--before", "\(last)"] }
            let result = try await server.run(arguments)
            try #require(result.status == 0, "\(arguments): \(result.errors)")
            guard case .array(let page) = try JSONValue.decode(Array(result.output.utf8)), !page.isEmpty else {
                return all.reversed()
            }
            for case .object(let object) in page { all.append(object) }
        }
    }

    /// Waits until nothing is unevaluated and no mail is unfinished; returns whether that came about.
    func settled(secondsMax: Int = 60) async throws -> Bool {
        for _ in 0..<(secondsMax * 5) {
            let unfinished = try await mails().count { mail in
                ["queued", "sending", "held"].contains(mail.text("state") ?? "")
            }
            let unevaluated = try await events().count {
                $0["position"].map { if case .null = $0 { true } else { false } } ?? true
            }
            if unfinished == 0, unevaluated == 0 { return true }
            try await Task.sleep(for: .milliseconds(200))
        }
        return false
    }
}

extension JSONObject {
    func text(_ key: String) -> String? {
        if case .string(let text)? = self[key] { return text }
        return nil
    }

    func int(_ key: String) -> Int64? {
        if case .int(let number)? = self[key] { return number }
        return nil
    }

    func objects(_ key: String) -> [JSONObject] {
        guard case .array(let elements)? = self[key] else { return [] }
        return elements.compactMap { element in
            if case .object(let object) = element { return object }
            return nil
        }
    }
}
