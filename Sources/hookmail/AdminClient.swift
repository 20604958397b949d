import ArgumentParser
import Bridge
import Events
import Store
import Transports

/// Calls the admin address of a running server.
struct AdminClient {
    private let address: String
    private let headers: [(name: String, value: String)]

    init(_ configuration: Configuration) {
        address = "http://\(configuration.admin)"
        headers =
            configuration.adminToken.map { token in
                [(name: "Authorization", value: "Bearer " + String(decoding: token.revealedBytes, as: UTF8.self))]
            } ?? []
    }

    /// Queues a mail again. Throws `StoreError.notFound` or `.notAllowed` as the store would.
    func retry(mail id: Int64) async throws {
        let answer = try await post("/api/mails/\(id)/retry")
        switch answer.status {
        case 200: return
        case 404: throw StoreError.notFound
        case 409:
            guard let value = try? JSONValue.decode(answer.body), case .object(let object) = value,
                case .string(let reason)? = object["error"]
            else { throw StoreError.notAllowed("the server refused") }
            throw StoreError.notAllowed(reason)
        default:
            Terminal.err("The running server answered \(answer.status).")
            throw ExitCode.unavailable
        }
    }

    private func post(_ path: String) async throws -> HTTPExchange.Response {
        let exchange = HTTPExchange()
        do {
            let answer = try await exchange.send(
                .init(method: "POST", url: address + path, headers: headers, body: [], timeout: .seconds(10)))
            await exchange.shutdown()
            return answer
        } catch {
            Terminal.err("The server that holds the store does not answer at \(address). \(error)")
            throw ExitCode.unavailable
        }
    }
}
