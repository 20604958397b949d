import Glibc

/// The bytes of a file and who may read it.
package struct FileContent: Sendable {
    /// The most that is read of any file, in bytes: one more than a configuration file may hold, so that a larger one
    /// is known as such.
    package static let bytesMax = (1 << 20) + 1

    package let bytes: [UInt8]
    /// Whether every user of the machine may read the file.
    package let isWorldReadable: Bool

    package init(bytes: [UInt8], isWorldReadable: Bool = false) {
        self.bytes = bytes
        self.isWorldReadable = isWorldReadable
    }

    /// Reads a file of this machine.
    package static func read(path: String) -> Result<FileContent, FileFault> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(FileFault(errorNumber: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure(FileFault(errorNumber: errno)) }
        guard status.st_mode & S_IFMT != S_IFDIR else { return .failure(.folder) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < bytesMax {
            let count = Glibc.read(descriptor, &chunk, min(chunk.count, bytesMax - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(FileFault(errorNumber: errno)) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return .success(FileContent(bytes: bytes, isWorldReadable: status.st_mode & S_IROTH != 0))
    }
}

/// Why a file could not be read.
package enum FileFault: Error, Sendable, Equatable {
    /// There is no such file, or no such folder on the way.
    case notFound
    /// The file or a folder on the way may not be read.
    case notPermitted
    /// The path leads to a folder.
    case folder
    /// Another error of the system, by its number.
    case other(Int32)

    init(errorNumber: Int32) {
        switch errorNumber {
        case ENOENT, ENOTDIR: self = .notFound
        case EACCES, EPERM: self = .notPermitted
        case EISDIR: self = .folder
        default: self = .other(errorNumber)
        }
    }

    /// What to say behind the name of the file.
    package var words: String {
        switch self {
        case .notFound: "does not exist"
        case .notPermitted: "may not be read by this user"
        case .folder: "is a folder"
        case .other(let number): "could not be read (error \(number))"
        }
    }

    /// What to do about a configuration file in that state.
    var hint: String? {
        self == .notFound ? "`hookmail init` writes one, `--config` names another" : nil
    }
}
