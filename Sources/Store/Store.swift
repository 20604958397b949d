package import Events
package import Rules

/// Everything Hookmail remembers, behind a few batch operations: the log, engine state, notifications and deliveries.
///
/// Promises that every implementation keeps (`StoreConformance` in the tests runs the same cases over all of them):
/// - A call that returned has reached stable storage.
/// - A call that threw changed nothing.
/// - Calls from any task are safe; appends, commits and settlements that wait together may share one transaction.
/// - `now` is what the wall clock showed when the caller looked. A clock that was set since (`StoreOptions.clock`) is
///   allowed for: the instant counts as what it is by the clock as it is then, and so do others that a call gives
///   with it.
package protocol Store: StoreReading {
    // MARK: The log

    /// Appends the events of one delivery, all or none, and tells `done` what each was once that is on stable storage.
    /// The time of a log entry never falls: it is the event's `receivedAt` or that of the entry before, whichever is
    /// later. Only a clock that was set by more than a minute (`StoreOptions.clock`) moves it: whatever is written next
    /// has a `clockStep` before it, and with that all instants that waiting mails and retention go by move, too.
    ///
    /// A key whose origin is `digest` is known for 24 hours (`StoreOptions.digestKeysKept`), any other for as long as
    /// its first event is kept. Fails with `.full` below the floor of free space.
    ///
    /// - Parameter done: is called once, before this returns or later on the store's own thread, for which everybody
    ///   waits: it must not block.
    func append(_ events: [VerifiedEvent], then done: @escaping @Sendable (Result<[Appended], StoreError>) -> Void)

    /// Appends an entry that is no event (a rule set in force, an operator's action, the clock), also below the floor.
    /// Throws `.notAllowed` for one that is longer than `LogEntry.Change.payloadBytesMax` in its stored form.
    func append(_ change: LogEntry.Change, at now: Timestamp) async throws(StoreError)

    /// Looks whether the wall clock was set, and writes that into the log if so. Every call that writes does this
    /// first; it is for when nothing else is to be written.
    /// - Returns: whether it was set.
    func noteClock() async throws(StoreError) -> Bool

    /// The oldest entries that no evaluation has covered yet, in the order they became visible: at most `limit`, none
    /// only when there is none, and not always as many as there are. An event whose facts cannot be read has none, and
    /// any other entry that cannot be read is the clock's: neither blocks those behind it.
    func unevaluated(limit: Int) async throws(StoreError) -> [PendingEntry]

    /// Takes over one evaluation whole: positions, decisions, notifications with their deliveries, engine state and the
    /// cursor. Throws `.conflict` when the cursor is not at `cursor`, and `.notAllowed` when the evaluation contradicts
    /// itself or the log (a gap in the positions, an entry covered before or out of its order, two decisions for one
    /// rule and group).
    /// - Returns: the deliveries made, in the order of `notifications` and their recipients.
    func commit(_ evaluation: Evaluation, expecting cursor: LogPosition) async throws(StoreError) -> [LeasedDelivery]

    // MARK: The outbox

    /// Takes up to `limit` deliveries that are due (`queued` or `held` with their time reached), most severe then
    /// oldest first, and marks them `sending` until `until`. Their attempt has not begun: `begin` does that. A delivery
    /// that cannot be read becomes `dead`, with the reason as its last reply, and the others are taken.
    func lease(limit: Int, now: Timestamp, until: Timestamp) async throws(StoreError) -> [LeasedDelivery]

    /// Records that attempts start, with their message where it was composed just now: committed before a byte of the
    /// mail leaves, so that a crash after this is known as a possible duplicate. Throws `.notAllowed` for a delivery
    /// that is not leased, has begun already, has no message, or would get a message with another Message-ID.
    func begin(_ starts: [AttemptStart]) async throws(StoreError)

    /// Records what attempts came to. When the last delivery of a notification that holds a throttle slot ends,
    /// `notificationEnded` enters the log in the same transaction: once a notification, also when a mail is retried
    /// after that. An acceptance is taken even when the lease had been rescued meanwhile; anything else that comes too
    /// late, or for an attempt that has not begun, throws `.notAllowed`.
    func settle(_ settlements: [Settlement]) async throws(StoreError)

    /// Extends running leases; deliveries that are not leased any more are left as they are.
    func extendLeases(_ deliveries: [Int64], now: Timestamp, until: Timestamp) async throws(StoreError)

    /// Puts deliveries whose lease ended before `now` back into the queue; an attempt that had begun counts as
    /// `ambiguous`. With `all` every lease, as at start when no other process can hold one.
    /// - Returns: how many were put back, and how many of those had begun.
    func rescueLeases(now: Timestamp, all: Bool) async throws(StoreError) -> RescueReport

    /// Queues a `dead`, `held` or waiting delivery for an attempt now, lets its age count from now, and logs the
    /// action. Throws `.notFound` or `.notAllowed` (already accepted, being sent).
    func retry(delivery: Int64, now: Timestamp) async throws(StoreError)

    /// Queues every `held` delivery for an attempt now and lets its age count from now: our configuration may be right
    /// again. It is no operator's action for the log, because it changes no decision.
    /// - Returns: how many there were.
    func resumeHeld(now: Timestamp) async throws(StoreError) -> Int

    /// Takes an address off the list of refused ones. What was refused up to now no longer counts; the next refusal
    /// does. Throws `.notFound` when the address is not on the list.
    func liftSuppression(of address: String, now: Timestamp) async throws(StoreError)

    // MARK: Keeping

    /// Keeps what a part of the bridge has to remember over a restart, in the place of what it kept before, also below
    /// the floor. Throws `.notAllowed` for more than `Memo.contentBytesMax`.
    ///
    /// - Parameter now: what the wall clock showed when the instants in it were read.
    func keep(_ content: [UInt8], as name: Memo.Name, now: Timestamp) async throws(StoreError)

    /// What was kept last under that name, or `nil`.
    func memo(_ name: Memo.Name) async throws(StoreError) -> Memo?

    /// Removes what is older than `retention` allows, in small steps; never an unevaluated entry, an unfinished mail or
    /// the event of one. With an event its decisions go, and its key is forgotten. Age counts from the time of the log
    /// entry, of a mail from the end of the last mail of its notification.
    func prune(_ retention: Retention, now: Timestamp) async throws(StoreError) -> PruneReport
}
