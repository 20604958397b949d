import Glibc
import Synchronization

/// The exclusive lock beside a database: one process writes it at a time. The kernel frees it when its holder dies,
/// however it dies; the file itself stays and says who was last.
final class StoreLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock of the database at `path`. Throws `.locked` with the holder's process id.
    init(database path: String) throws(StoreError) {
        let lockPath = path + ".lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(detail: "cannot open \(lockPath): \(systemErrorText())", fatal: true)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let owner = Self.text(of: descriptor)
            Glibc.close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw .unavailable(detail: "cannot lock \(lockPath): \(systemErrorText(reason))", fatal: true)
            }
            throw .locked(path: path, owner: owner)
        }
        self.descriptor = Mutex(descriptor)
        let owner = Array("\(getpid())\n".utf8)
        // Only words for people: a lock whose owner could not be written down still locks.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, owner, owner.count, 0) }
    }

    deinit {
        release()
    }

    /// Lets the lock go; doing so twice is fine.
    func release() {
        descriptor.withLock { descriptor in
            if let descriptor { Glibc.close(descriptor) }
            descriptor = nil
        }
    }

    /// What the holder wrote about itself.
    private static func text(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}

/// The system's words for an error number.
func systemErrorText(_ number: Int32 = errno) -> String {
    String(cString: strerror(number))
}
