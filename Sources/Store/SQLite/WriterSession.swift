import GRDB
import Synchronization

/// A request to the writer.
protocol WriterJob: AnyObject, Sendable {
    /// Whether it holds little memory, and may be kept a little longer than it is needed.
    var isSmall: Bool { get }
    /// Does the work inside the transaction and keeps its result. May be called again after a rollback.
    func run(in db: Database, space: FreeSpace) -> StoreError?
    /// Tells those who must know first that the work is on disk; called before anybody of the transaction is answered.
    func noteCommit()
    /// Answers whoever waits: with the result, or with `failure` when the transaction did not happen.
    func answer(_ failure: StoreError?)
}

/// The writing connection and what happens on it; used by the writer's thread alone, but for its counters.
final class WriterSession: Sendable {
    /// What the writer has done so far.
    struct Counters {
        /// Transactions committed.
        var commits = 0
        /// Requests they carried.
        var requests = 0
    }

    /// A counter for tests and measurements.
    let counters = Mutex(Counters())
    let queue: DatabaseQueue
    let space: FreeSpace
    /// Where the log ends, as far as the running transaction knows.
    let knownLogEnd = KnownLogEnd()
    private let gauge = WALGauge()
    private let failure = Mutex<StoreError?>(nil)
    /// How many pages the log may grow by between two checkpoints.
    private let checkpointPages: Int
    private let nextCheckpoint: Mutex<(atPages: Int, lastPages: Int)>
    /// The wall clock, or `nil` where nobody looks at it.
    let clock: WatchedClock?

    init(
        queue: DatabaseQueue, space: FreeSpace, checkpointPages: Int, clock: (@Sendable () -> ClockReading)? = nil
    ) throws {
        self.queue = queue
        self.space = space
        self.checkpointPages = checkpointPages
        nextCheckpoint = Mutex((atPages: checkpointPages, lastPages: 0))
        let end = try queue.inDatabase { try LogEnd(in: $0) }
        self.clock = clock.map { WatchedClock($0, logEnd: end.position > 0 ? end.at : nil) }
        queue.inDatabase { gauge.watch($0) }
    }

    /// The failure after which nothing is written any more.
    var fatalFailure: StoreError? { failure.withLock { $0 } }

    /// Runs a batch in one transaction and answers everybody after its commit.
    func perform(_ jobs: [any WriterJob]) {
        let history = clock?.history
        let step = clock?.look()
        let outcome = fatalFailure.map { .failed($0) } ?? queue.inDatabase { transact(jobs, after: step, in: $0) }
        switch outcome {
        case .committed(let refusals):
            counters.withLock {
                $0.commits += 1
                $0.requests += jobs.count
            }
            // All first: whoever is answered finds everything of the transaction.
            for (job, refusal) in zip(jobs, refusals) where refusal == nil { job.noteCommit() }
            for (job, refusal) in zip(jobs, refusals) { job.answer(refusal) }
            checkpointIfLong()
        case .failed(let error):
            if let history { clock?.goBack(to: history) }
            note(error)
            for job in jobs { job.answer(error) }
        }
    }

    /// How the wall clock was set since the log last heard of it, or `nil`.
    var pendingStep: ClockStep? { clock?.pendingStep }

    private enum Outcome {
        /// On disk; the error of each request that was taken back alone.
        case committed(refusals: [StoreError?])
        /// Nothing of the batch happened.
        case failed(StoreError)
    }

    /// Almost always every request passes, so they run without savepoints first, which cost as much as an insert. When
    /// one is refused, the transaction is taken back and run again with a savepoint for each.
    private func transact(_ jobs: [any WriterJob], after step: ClockStep?, in db: Database) -> Outcome {
        do {
            let isWhole = try transact(in: db) {
                if let step { try LogWrites.append(step, in: db) }
                return try runAll(jobs, in: db)
            }
            if isWhole { return .committed(refusals: jobs.map { _ in nil }) }
            var refusals: [StoreError?] = []
            _ = try transact(in: db) {
                if let step { try LogWrites.append(step, in: db) }
                for job in jobs { refusals.append(try runInSavepoint(job, in: db)) }
                return true
            }
            return .committed(refusals: refusals)
        } catch {
            return .failed(.of(error, space: space))
        }
    }

    /// Runs `body` in a transaction and commits it when `body` says so.
    private func transact(in db: Database, _ body: () throws -> Bool) throws -> Bool {
        do {
            knownLogEnd.forget()
            try db.control("BEGIN IMMEDIATE")
            let isWhole = try body()
            if isWhole {
                try db.control("COMMIT")
            } else if db.isInsideTransaction {
                try db.control("ROLLBACK")
            }
            return isWhole
        } catch {
            if db.isInsideTransaction { try? db.control("ROLLBACK") }
            throw error
        }
    }

    /// Runs the requests one after the other; `false` when one of several is refused. Throws when the transaction is
    /// lost, which for the only request of its transaction is the same as being refused.
    private func runAll(_ jobs: [any WriterJob], in db: Database) throws(StoreError) -> Bool {
        for job in jobs {
            guard let error = job.run(in: db, space: space) else { continue }
            if jobs.count == 1 || error.isFatal { throw error }
            return false
        }
        return true
    }

    /// Runs a request so that it alone is taken back when it fails. Throws when the whole transaction is lost.
    private func runInSavepoint(_ job: any WriterJob, in db: Database) throws -> StoreError? {
        try db.control("SAVEPOINT request")
        guard let error = job.run(in: db, space: space) else {
            try db.control("RELEASE request")
            return nil
        }
        // SQLite itself rolls back the transaction after some faults (no space, I/O).
        guard db.isInsideTransaction, !error.isFatal else { throw error }
        knownLogEnd.forget()
        try db.control("ROLLBACK TO request")
        try db.control("RELEASE request")
        return error
    }

    private func note(_ error: StoreError) {
        guard error.isFatal else { return }
        failure.withLock { $0 = $0 ?? error }
    }

    /// Copies the log into the database when it has grown, without waiting for readers.
    private func checkpointIfLong() {
        let pages = gauge.pages
        let isDue = nextCheckpoint.withLock { next in
            if pages < next.lastPages { next.atPages = checkpointPages }
            next.lastPages = pages
            guard pages >= next.atPages else { return false }
            // While a reader keeps the log from starting over, it is copied once per stretch, not after every commit.
            next.atPages = pages + checkpointPages
            return true
        }
        if isDue { checkpoint(.passive) }
    }

    /// Copies the log and empties it, unless a reader needs it now.
    func truncateLog() {
        guard gauge.pages > 0, fatalFailure == nil else { return }
        checkpoint(.truncate)
    }

    private func checkpoint(_ mode: Database.CheckpointMode) {
        do {
            try queue.inDatabase { db in
                let wait = try Int.fetchOne(db, sql: "PRAGMA busy_timeout") ?? 0
                try db.execute(sql: "PRAGMA busy_timeout = 0")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = \(wait)") }
                try db.checkpoint(mode)
            }
            if mode == .truncate { gauge.reset() }
        } catch {
            note(.of(error, space: space))
        }
    }

    /// Empties the log and closes the connection.
    func end() {
        truncateLog()
        try? queue.close()
    }
}
