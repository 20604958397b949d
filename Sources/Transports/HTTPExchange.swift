import Synchronization

/// A small HTTP client for the commands, which talk to a running Hookmail on loopback.
///
/// It has one thread with one libcurl handle, so requests go out one after the other and share a connection.
/// Redirects are not followed, proxies of the environment are not used, and certificates are verified.
package final class HTTPExchange: Sendable {
    /// What is asked.
    package struct Request: Sendable {
        /// `GET`, `POST`, `DELETE`, …
        package var method: String
        /// An `http://` or `https://` URL.
        package var url: String
        /// Names and values, in their order.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]?
        /// The time for all of it, connecting included.
        package var timeout: Duration

        package init(
            method: String = "GET",
            url: String,
            headers: [(name: String, value: String)] = [],
            body: [UInt8]? = nil,
            timeout: Duration = .seconds(30)
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
            self.timeout = timeout
        }
    }

    /// What came back.
    package struct Response: Sendable {
        package var status: Int
        /// Names in lower case, and values, in their order.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]

        /// The first value of the header `name`, given in lower case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name == name }?.value
        }
    }

    /// Why no response came.
    package struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        /// The kinds a caller may want to tell apart.
        package enum Kind: Sendable {
            /// The request cannot be sent as it is: a bad method, URL or header.
            case request
            /// Nobody listens there, or the name is not known.
            case unreachable
            /// The time is over.
            case timeout
            /// The response is larger than `responseBytesMax`.
            case tooLarge
            /// The exchange is shut down.
            case stopped
            /// The connection broke, TLS failed, or the answer was no HTTP.
            case broken
        }

        package let kind: Kind
        /// A sentence for people, without the URL.
        package let description: String
    }

    /// The most bytes a response body may have.
    package static let responseBytesMax = 64 << 20

    typealias Outcome = Result<Response, Fault>

    struct Job: Sendable {
        let request: Request
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private let queue = WorkQueue<Job>()
    private let threads = WorkerThreads()
    private let sockets = OpenSockets()

    /// Starts the thread. `certificateAuthorityFile` replaces the system's authorities for `https`.
    package init(certificateAuthorityFile: String? = nil) {
        let (queue, sockets) = (queue, sockets)
        let isRunning = threads.start {
            HTTPLane(sockets: sockets, certificateAuthorityFile: certificateAuthorityFile).run(queue)
        }
        if !isRunning { _ = queue.close() }
    }

    deinit {
        _ = queue.close()
        sockets.cut()
    }

    /// Sends a request and waits for the whole response.
    package func send(_ request: Request) async throws(Fault) -> Response {
        let outcome = await withCheckedContinuation { continuation in
            if !queue.push(Job(request: request, continuation: continuation)) {
                continuation.resume(returning: Outcome.failure(.stopped))
            }
        }
        return try outcome.get()
    }

    /// Cuts what is under way and returns when the thread has ended.
    package func shutdown() async {
        for job in queue.close() {
            job.continuation.resume(returning: .failure(.stopped))
        }
        sockets.cut()
        await threads.waitUntilEnded()
    }
}

extension HTTPExchange.Fault {
    static let stopped = HTTPExchange.Fault(kind: .stopped, description: "The exchange is shut down.")
}
