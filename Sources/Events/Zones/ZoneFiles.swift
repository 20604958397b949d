internal import Glibc

/// The one place where a pure room reads files: those of the machine's zone database.
///
/// They are constant data, like a table in the source that the system keeps up to date for us; nothing an event or a
/// user says is in them. Nobody but `ZoneDirectory` calls this, and it remembers what it read.
enum ZoneFiles {
    /// What came of reading a file.
    enum Reading {
        case found([UInt8])
        case missing
        case unreadable
    }

    /// The whole of a regular file.
    static func bytes(at path: String, bytesMax: Int) -> Reading {
        // A pipe or device in its place must not hold us up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return [ENOENT, ENOTDIR].contains(errno) ? .missing : .unreadable }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .unreadable }
        // A part of a name, such as `Europe`, is a folder.
        guard status.st_mode & S_IFMT != S_IFDIR else { return .missing }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= bytesMax else { return .unreadable }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        var count = 0
        while count < bytes.count {
            let length = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { return .unreadable }
            guard length > 0 else { break }
            count += length
        }
        return count > bytesMax ? .unreadable : .found(Array(bytes.prefix(count)))
    }

    /// The paths of all files up to three levels below a folder, relative to it.
    static func names(below folder: String) -> [String] {
        var found: [String] = []
        for pattern in ["/[A-Z]*", "/[A-Z]*/*", "/[A-Z]*/*/*"] {
            var matches = glob_t()
            defer { globfree(&matches) }
            // Folders get a slash at their end.
            guard glob(folder + pattern, GLOB_MARK, nil, &matches) == 0 else { continue }
            for index in 0..<Int(matches.gl_pathc) {
                guard let path = matches.gl_pathv[index] else { continue }
                let text = String(cString: path)
                if !text.hasSuffix("/") { found.append(String(text.dropFirst(folder.count + 1))) }
            }
        }
        return found
    }
}
