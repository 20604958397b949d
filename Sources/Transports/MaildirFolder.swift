import Glibc
import Mail

/// A folder in Maildir form, written to by one thread.
struct MaildirFolder {
    private let path: String
    private var deliveries: UInt64 = 0
    private var isPrepared = false

    init(path: String) {
        self.path = path
    }

    /// Writes one message and returns the name of its file in `new/`. The message is on stable storage then.
    mutating func deliver(_ bytes: [UInt8]) throws(MaildirFault) -> String {
        if !isPrepared { try prepare() }
        deliveries &+= 1
        let name = uniqueName()
        let temporary = "\(path)/tmp/\(name)"
        do throws(MaildirFault) {
            try Self.write(bytes, to: temporary)
            guard rename(temporary, "\(path)/new/\(name)") == 0 else {
                throw MaildirFault("rename into", "\(path)/new")
            }
        } catch {
            unlink(temporary)
            // The folder may have been removed under us: the next message makes it again.
            isPrepared = false
            throw error
        }
        try Self.sync(folder: "\(path)/new")
        return name
    }

    /// Makes the folder and its three parts, for the owner alone.
    private mutating func prepare() throws(MaildirFault) {
        try Self.makeFolders(path)
        for part in ["tmp", "new", "cur"] {
            try Self.makeFolder("\(path)/\(part)")
        }
        try Self.sync(folder: path)
        isPrepared = true
    }

    /// `seconds.M<microseconds>P<process>Q<count>.host`, as Maildir readers expect it: unique even when the clock steps
    /// back, through process and count.
    private func uniqueName() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var host = [CChar](repeating: 0, count: 256)
        let hasHost = gethostname(&host, host.count - 1) == 0
        let hostName = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let safeHost = hasHost && HostName.isValid(hostName) ? hostName : "localhost"
        return "\(time.tv_sec).M\(time.tv_nsec / 1_000)P\(getpid())Q\(deliveries).\(safeHost)"
    }
}

// System calls.
extension MaildirFolder {
    /// Makes the folder and what is missing above it.
    private static func makeFolders(_ path: String) throws(MaildirFault) {
        var missing: [String] = []
        var current = path
        var status = stat()
        while !current.isEmpty, current != "/", stat(current, &status) != 0 {
            missing.append(current)
            guard let slash = current.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
            current = String(current[..<slash])
        }
        for folder in missing.reversed() {
            try makeFolder(folder)
        }
    }

    private static func makeFolder(_ path: String) throws(MaildirFault) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw MaildirFault("make the folder", path) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(MaildirFault) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw MaildirFault("make a file in", path) }
        var fault: MaildirFault?
        var offset = 0
        while offset < bytes.count, fault == nil {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + offset, bytes.count - offset) }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                fault = MaildirFault("write to", path)
            }
        }
        if fault == nil, fsync(file) != 0 { fault = MaildirFault("sync", path) }
        if close(file) != 0, fault == nil { fault = MaildirFault("close", path) }
        if let fault { throw fault }
    }

    /// Puts a folder's entries on stable storage; renaming alone does not.
    private static func sync(folder path: String) throws(MaildirFault) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw MaildirFault("open the folder", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw MaildirFault("sync the folder", path) }
    }
}

/// What the file system refused.
struct MaildirFault: Error {
    /// The `errno` of the call.
    let number: Int32
    /// A sentence for the operator.
    let text: String

    /// Takes `errno` as it stands.
    init(_ action: String, _ path: String) {
        number = errno
        text = "Cannot \(action) \(path): \(String(cString: strerror(number)))."
    }

    /// A full or broken disk is the host's trouble, a folder that may not be written to is the configuration's.
    var classification: ReplyClass {
        switch number {
        case ENOSPC, EDQUOT, EIO: .host
        case EACCES, EPERM, EROFS, ENOTDIR, ENAMETOOLONG, ELOOP: .configuration
        default: .transient
        }
    }
}
