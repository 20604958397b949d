import GRDB

/// The one writer: a thread that takes all requests waiting, runs them in one transaction, commits once and then
/// answers them all. So a hundred deliveries that arrive together pay for one fsync.
final class SQLiteWriter: Sendable {
    /// The most requests in one transaction.
    static let requestsMax = 256
    /// The most bytes of bodies in a request that is small.
    static let smallBytesMax = 64 << 10

    let session: WriterSession
    private let lane: Lane<any WriterJob>
    private let retired = Retired<any WriterJob>()

    /// - Parameters:
    ///   - lock: let go when the thread has ended.
    ///   - idle: called when nothing has come for a second.
    init(session: WriterSession, lock: StoreLock, idle: @escaping @Sendable () -> Void = {}) {
        self.session = session
        let retired = retired
        lane = Lane(
            name: "hookmail-store",
            batchMax: Self.requestsMax,
            work: .init(
                perform: { jobs in
                    session.perform(jobs)
                    retired.keep(jobs.filter(\.isSmall))
                },
                idle: {
                    retired.letGo()
                    idle()
                    session.truncateLog()
                },
                end: {
                    retired.letGo()
                    session.end()
                    lock.release()
                }
            )
        )
    }

    /// Runs `work` in a transaction and returns when that is on disk. A throw takes back what `work` did, and nothing
    /// else that shares the transaction. `work` changes nothing but the database, for it may be run twice: the second
    /// time after another request of the same transaction was refused.
    ///
    /// - Parameter committed: is told the value on the writer's thread once it is on disk, before anybody else hears of
    ///   it and in the order of the requests.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value,
        committed: (@Sendable (Value) -> Void)? = nil
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            submit(work, committed: committed) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Does the same without a task that waits: `done` is called once, on the writer's thread, or at once where nothing
    /// is written any more.
    func submit<Value: Sendable>(
        isSmall: Bool = false, _ work: @escaping @Sendable (Database) throws -> Value,
        committed: (@Sendable (Value) -> Void)?, then done: @escaping @Sendable (Result<Value, StoreError>) -> Void
    ) {
        if let failure = session.fatalFailure { return done(.failure(failure)) }
        if !lane.submit(WriterRequest(isSmall: isSmall, work, committed, done)) { done(.failure(.closed)) }
    }

    /// Lets go of what small requests have left behind. Called by those who make them, before they make more.
    func letGo() { retired.letGo() }

    /// Requests that wait for the next transaction.
    var waitingCount: Int { lane.waitingCount }

    /// Finishes what waits and closes the connection.
    func close() async {
        await lane.close()
    }
}

/// One caller's request and where its answer goes.
private final class WriterRequest<Value: Sendable>: WriterJob, @unchecked Sendable {  // used on one thread
    let isSmall: Bool
    private let work: @Sendable (Database) throws -> Value
    private let committed: (@Sendable (Value) -> Void)?
    private let done: @Sendable (Result<Value, StoreError>) -> Void
    private var result: Result<Value, StoreError> = .failure(.closed)

    init(
        isSmall: Bool, _ work: @escaping @Sendable (Database) throws -> Value,
        _ committed: (@Sendable (Value) -> Void)?,
        _ done: @escaping @Sendable (Result<Value, StoreError>) -> Void
    ) {
        self.isSmall = isSmall
        self.work = work
        self.committed = committed
        self.done = done
    }

    func run(in db: Database, space: FreeSpace) -> StoreError? {
        do {
            result = .success(try work(db))
            return nil
        } catch {
            return .of(error, space: space)
        }
    }

    func noteCommit() {
        if case .success(let value) = result { committed?(value) }
    }

    func answer(_ failure: StoreError?) {
        done(failure.map { .failure($0) } ?? result)
    }
}
