import Synchronization

/// What a thread has done with, kept for the threads that made it to let go of.
///
/// glibc gives each thread an arena, and whoever frees a larger block of another thread's takes that arena's lock. The
/// writer freed some ten blocks of every event while the event loop was making those of the next ones, and the two
/// spent their time in waking each other (`Benchmarks/README.md`).
final class Retired<Element: Sendable>: Sendable {
    /// The most that is kept: requests of at most `SQLiteWriter.smallBytesMax`, so 32 MiB of bodies, or facts. What
    /// comes beyond is let go of at once.
    static var elementsMax: Int { 512 }

    private let elements = Mutex<[Element]>([])

    /// Keeps these until the next `letGo`.
    func keep(_ more: consuming [Element]) {
        guard !more.isEmpty else { return }
        elements.withLock { elements in
            guard elements.count + more.count <= Self.elementsMax else { return }
            if elements.isEmpty { elements = more } else { elements += more }
        }
    }

    /// Lets go of everything, on the caller's thread.
    func letGo() {
        let gone = elements.withLock { elements in
            let gone = elements
            elements = []
            return gone
        }
        withExtendedLifetime(gone) {}
    }
}
