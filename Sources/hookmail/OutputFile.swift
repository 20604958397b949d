import ArgumentParser
import Glibc

/// Writes files whole or not at all.
enum OutputFile {
    /// Puts a file with `bytes` and `mode` in the place of what stands at `path`, which is there in full until then.
    /// Says what is wrong and throws an exit code.
    static func replace(_ path: String, _ bytes: [UInt8], mode: mode_t) throws {
        var status = stat()
        guard lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            Terminal.err("\(path) was not written: it is there and no regular file.")
            throw ExitCode.foundFault
        }
        let beside = "\(path).\(getpid()).new"
        do {
            try create(beside, bytes, mode: mode, called: path)
        } catch {
            unlink(beside)
            throw error
        }
        guard rename(beside, path) == 0 else {
            Terminal.err("\(path) was not written: \(String(cString: strerror(errno))).")
            unlink(beside)
            throw ExitCode.foundFault
        }
    }

    /// Creates `path` with `bytes` and `mode`. Says what is wrong and throws an exit code.
    ///
    /// - Parameter name: What the file is called in words; the path without it.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t, called name: String? = nil) throws {
        let name = name ?? path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            let hint = errno == EEXIST ? "it exists, and is left as it is" : String(cString: strerror(errno))
            Terminal.err("\(name) was not written: \(hint).")
            throw ExitCode.foundFault
        }
        defer { close(descriptor) }
        // The mode given to open() is cut by the umask; a secret must be exactly 0600 whatever that is.
        fchmod(descriptor, mode)
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else {
                Terminal.err("\(name) could not be written whole: \(String(cString: strerror(errno))).")
                throw ExitCode.foundFault
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Whether something stands at `path`.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
