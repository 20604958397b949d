import Rules
import Synchronization

/// The newest events of the log as they were appended. The evaluator is nearly always that far, and need not read back
/// from the database what this process has just written there.
///
/// It knows no other entries. Rows are numbered without gaps and no number is used twice, so one that follows the last
/// covered row without a gap is the oldest that nothing covers; behind a gap only the database can tell.
final class LogTail: Sendable {
    /// The most events held. A store that falls this far behind is read from the database.
    static let entriesMax = 512

    private struct State {
        var entries: [PendingEntry] = []
        /// The last row that an evaluation covers, or `nil` when none is known.
        var covered: Int64?
    }

    private let state = Mutex(State())
    private let retired = Retired<PendingEntry>()

    /// Takes events whose transaction has been committed, ascending. Called on the writer's thread alone, as all that
    /// changes the tail.
    func append(_ entries: [PendingEntry]) {
        guard !entries.isEmpty else { return }
        state.withLock { state in
            guard state.entries.count + entries.count <= Self.entriesMax else {
                state = State()
                return
            }
            state.entries += entries
        }
    }

    /// Lets go of everything up to this row: a committed evaluation covers it.
    func cover(through row: Int64) {
        let covered = state.withLock { state in
            let first = state.entries.firstIndex { $0.row > row } ?? state.entries.endIndex
            let covered = Array(state.entries[..<first])
            state.entries.removeSubrange(..<first)
            state.covered = row
            return covered
        }
        retired.keep(covered)
    }

    /// Lets go of what is covered. Called by those who make events, before they make more, and when none come.
    func letGo() { retired.letGo() }

    /// The oldest entries without an evaluation, at most `limit` and not always all; `nil` when only the database can
    /// tell.
    func oldest(limit: Int) -> [PendingEntry]? {
        state.withLock { state in
            guard limit > 0, let covered = state.covered, state.entries.first?.row == covered + 1 else { return nil }
            var count = 1
            while count < min(limit, state.entries.count),
                state.entries[count].row == state.entries[count - 1].row + 1
            {
                count += 1
            }
            return Array(state.entries[..<count])
        }
    }
}
