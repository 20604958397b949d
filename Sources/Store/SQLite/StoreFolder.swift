import Glibc

/// What the file system of a database must be, and how much room it has.
enum StoreFolder {
    /// File systems on which SQLite's locks and shared memory cannot be trusted, by the kernel's names. Of FUSE only
    /// sshfs is among them: what lies behind others may as well be local.
    private static let networkFileSystems: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "ncpfs", "glusterfs", "fuse.glusterfs", "fuse.sshfs",
    ]

    /// Refuses a database on a network file system.
    static func requireLocal(database path: String) throws(StoreError) {
        var facts = stat()
        guard stat(folder(of: path), &facts) == 0 else {
            throw .unavailable(detail: "cannot reach the folder of \(path): \(systemErrorText())", fatal: true)
        }
        let mounts = text(of: "/proc/self/mountinfo")
        if let name = networkFileSystem(device: UInt64(facts.st_dev), mounts: mounts) {
            throw .unavailable(
                detail: "\(path) lies on a network file system (\(name)), where a commit may not be durable and locks "
                    + "may not hold: put the store on a local disk or use PostgreSQL", fatal: true)
        }
    }

    /// The name of the network file system that `mounts`, a text as of proc(5) `mountinfo`, names for a device number,
    /// or `nil` for any other file system.
    static func networkFileSystem(device: UInt64, mounts: String) -> String? {
        let major = ((device >> 8) & 0xFFF) | ((device >> 32) & ~0xFFF)
        let minor = (device & 0xFF) | ((device >> 12) & ~0xFF)
        for line in mounts.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count > 2, fields[2].elementsEqual("\(major):\(minor)".utf8),
                let dash = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), dash + 1 < fields.count
            else { continue }
            let name = String(decoding: fields[dash + 1], as: UTF8.self)
            return networkFileSystems.contains(name) ? name : nil
        }
        return nil
    }

    /// The whole text of a file of the kernel, empty when it cannot be read.
    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// The bytes an ordinary user may still write beside the database.
    static func freeBytes(database path: String) -> Int64? {
        var facts = statvfs()
        guard statvfs(folder(of: path), &facts) == 0 else { return nil }
        let (bytes, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    /// The size of a file, or `nil` when there is none.
    static func bytes(of path: String) -> Int64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : nil
    }

    /// Makes an empty file that only its owner may read, unless there is one: SQLite gives the files beside a database
    /// the permissions of the database.
    static func createPrivately(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(detail: "cannot open \(path): \(systemErrorText())", fatal: true)
        }
        close(descriptor)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
