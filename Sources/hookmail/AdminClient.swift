import ArgumentParser
import Bridge
import Events
import Rules
import Store
import Transports

/// Calls the admin address of a running server.
struct AdminClient {
    private let address: String
    private let headers: [(name: String, value: String)]

    init(_ access: StoreAccess) {
        address = "http://\(access.admin)"
        headers =
            access.adminToken.map { token in
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
        default: throw Self.unexpected(answer)
        }
    }

    /// Queues all held mails; how many there were.
    func resumeMails() async throws -> Int {
        let answer = try await post("/api/mails/resume")
        guard answer.status == 200, let count = try? JSONValue.decode(answer.body)["mails"]?.int else {
            throw Self.unexpected(answer)
        }
        return Int(count)
    }

    /// Takes an address off the list of refused ones. Throws `StoreError.notFound` as the store would.
    func liftSuppression(of address: String) async throws {
        let body = JSONValue.object(JSONObject([("address", .string(address))])).encoded()
        let answer = try await send("POST", "/api/suppressed/remove", body: body)
        if answer.status == 404 { throw StoreError.notFound }
        guard answer.status == 200 else { throw Self.unexpected(answer) }
    }

    /// Adds a silence. Throws `StoreError.notAllowed` as the store would.
    func add(_ request: SilenceRequest) async throws -> Silence {
        let answer = try await send("POST", "/api/silences", body: request.json.encoded())
        let value = try? JSONValue.decode(answer.body)
        switch answer.status {
        case 200:
            guard let silence = value.flatMap(Silence.init(json:)) else { throw Self.unexpected(answer) }
            return silence
        case 400, 409: throw StoreError.notAllowed(value?["error"]?.string ?? "the server refused")
        default: throw Self.unexpected(answer)
        }
    }

    /// Ends a silence. Throws `StoreError.notFound` as the store would.
    func endSilence(_ id: String) async throws -> Silence {
        // The id becomes a part of the path.
        guard !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }) else {
            throw StoreError.notFound
        }
        let answer = try await post("/api/silences/\(id)/end")
        if answer.status == 404 { throw StoreError.notFound }
        guard answer.status == 200, let json = try? JSONValue.decode(answer.body), let silence = Silence(json: json)
        else { throw Self.unexpected(answer) }
        return silence
    }

    private static func unexpected(_ answer: HTTPExchange.Response) -> ExitCode {
        guard answer.status == 401 else {
            Terminal.err("The running server answered \(answer.status).")
            return .unavailable
        }
        Terminal.err(
            "The running server asks for its admin token, and this command has none or another one.\n"
                + "hint: set what `admin_token` names (a variable, a file) where the command runs, too.")
        return .unavailable
    }

    /// What the server says of the refused deliveries it keeps, or of one of them. Says what is wrong otherwise, and
    /// throws an exit code.
    func refused(_ id: Int? = nil) async throws -> JSONValue {
        let answer = try await send("GET", "/api/refused" + (id.map { "/\($0)" } ?? ""))
        let value = try? JSONValue.decode(answer.body)
        switch (answer.status, value) {
        case (200, let value?): return value
        case (404, _):
            Terminal.err("No refused delivery \(id.map(String.init) ?? "") is kept any more.")
            throw ExitCode.foundFault
        case (409, let value?):
            Terminal.err("This cannot be done: \(value["error"]?.string ?? "the server refused").")
            throw ExitCode.foundFault
        default: throw Self.unexpected(answer)
        }
    }

    /// Has the server read its configuration anew: the answer's status and body.
    func reload() async throws -> (status: Int, body: [UInt8]) {
        let answer = try await send("POST", "/api/reload", timeout: .seconds(60))
        return (answer.status, answer.body)
    }

    private func post(_ path: String) async throws -> HTTPExchange.Response { try await send("POST", path) }

    private func send(
        _ method: String, _ path: String, body: [UInt8] = [], timeout: Duration = .seconds(10)
    ) async throws -> HTTPExchange.Response {
        let exchange = HTTPExchange()
        do {
            let answer = try await exchange.send(
                .init(method: method, url: address + path, headers: headers, body: body, timeout: timeout))
            await exchange.shutdown()
            return answer
        } catch {
            Terminal.err("No server answers at \(address). \(error)")
            throw ExitCode.unavailable
        }
    }
}
