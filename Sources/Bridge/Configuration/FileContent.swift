import Glibc
import Rules

/// The bytes of a file and who may read it.
package struct FileContent: Sendable {
    /// The most that is read of any file, in bytes: one more than a configuration file may hold, so that a larger one
    /// is known as such.
    package static let bytesMax = SourceText.bytesMax + 1

    package let bytes: [UInt8]
    /// Whether every user of the machine may read the file.
    package let isWorldReadable: Bool

    package init(bytes: [UInt8], isWorldReadable: Bool = false) {
        self.bytes = bytes
        self.isWorldReadable = isWorldReadable
    }

    /// The longest silence of the writer of a pipe, in seconds.
    static let pipeSilenceSecondsMax: Int32 = 5

    /// Reads a file of this machine, or a pipe.
    ///
    /// Devices and sockets are refused: reading one may never end. A pipe is taken, because `{file: /dev/fd/63}` and
    /// `--config /dev/stdin` are how a shell hands over what shall be on no disk, as in `<(vault kv get …)`. But nobody
    /// is waited for without end: a pipe without a writer holds nothing, and a writer may be silent for
    /// `pipeSilenceSecondsMax` seconds. A pipe gives its content once, so a reload finds it empty, says so, and leaves
    /// the configuration in force.
    package static func read(path: String) -> Result<FileContent, FileFault> {
        // Without O_NONBLOCK opening a named pipe that nobody writes to would not return.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(FileFault(errorNumber: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure(FileFault(errorNumber: errno)) }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else { return .failure(.folder) }
        guard kind == S_IFREG || kind == S_IFIFO else { return .failure(.noFile) }
        return bytes(of: descriptor).flatMap { bytes in
            guard kind == S_IFREG || !bytes.isEmpty else { return .failure(.emptyPipe) }
            return .success(FileContent(bytes: bytes, isWorldReadable: status.st_mode & S_IROTH != 0))
        }
    }

    /// All bytes up to the end, at most `bytesMax`.
    private static func bytes(of descriptor: Int32) -> Result<[UInt8], FileFault> {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < bytesMax {
            let count = Glibc.read(descriptor, &chunk, min(chunk.count, bytesMax - bytes.count))
            if count == 0 { break }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno == EAGAIN {
                guard isReadable(descriptor) else { return .failure(.silentPipe) }
            } else if errno != EINTR {
                return .failure(FileFault(errorNumber: errno))
            }
        }
        return .success(bytes)
    }

    /// Waits until a pipe has bytes or has ended; whether it did so in time.
    private static func isReadable(_ descriptor: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let answer = Glibc.poll(&poll, 1, pipeSilenceSecondsMax * 1_000)
        return answer > 0 || answer < 0 && errno == EINTR
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
    /// The path leads to a device or a socket.
    case noFile
    /// The path leads to a pipe that nobody writes to and that holds nothing.
    case emptyPipe
    /// The path leads to a pipe whose writer says nothing more and does not end.
    case silentPipe
    /// Another error of the system, by its number.
    case other(Int32)

    init(errorNumber: Int32) {
        switch errorNumber {
        case ENOENT, ENOTDIR: self = .notFound
        case EACCES, EPERM: self = .notPermitted
        case EISDIR: self = .folder
        // What open() says of a socket and of a device that is not there.
        case ENXIO, ENODEV: self = .noFile
        default: self = .other(errorNumber)
        }
    }

    /// What to say behind the name of the file.
    package var words: String {
        switch self {
        case .notFound: "does not exist"
        case .notPermitted: "may not be read by this user"
        case .folder: "is a folder"
        case .noFile: "is a device or a socket; only a regular file, or a pipe from the shell, is read"
        case .emptyPipe: "is a pipe that holds nothing: a pipe can be read once, and a regular file again and again"
        case .silentPipe: "is a pipe whose writer was silent for \(FileContent.pipeSilenceSecondsMax) seconds"
        case .other(let number): "could not be read (error \(number))"
        }
    }

    /// What to do about a configuration file in that state.
    var hint: String? {
        self == .notFound ? "`hookmail init` writes one, `--config` names another" : nil
    }
}
