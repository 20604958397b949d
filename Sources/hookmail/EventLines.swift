import ArgumentParser
import Events
import Glibc

/// A file of events, one JSON text a line, read as it is needed. Empty lines are passed over.
final class EventLines {
    /// The longest line in bytes: the largest body the server takes.
    static let lineBytesMax = 32 << 20

    /// One event of the file.
    struct Line {
        /// Counted from 1.
        let number: Int
        let facts: Facts
    }

    private let path: String
    private let stream: UnsafeMutablePointer<FILE>
    private var buffer: UnsafeMutablePointer<CChar>?
    private var capacity = 0
    private var number = 0
    /// How many bytes were read, for progress.
    private(set) var bytesRead = 0
    /// The size of the file, or `nil` where it has none.
    let bytes: Int?

    /// Opens the file, or standard input for `-`. Says what is wrong and throws an exit code.
    init(path: String) throws {
        self.path = path
        guard let opened = path == "-" ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "re") else {
            Terminal.err("\(path) cannot be read: \(String(cString: strerror(errno))).")
            throw ExitCode.badInput
        }
        stream = opened
        var status = stat()
        bytes = fstat(fileno(opened), &status) == 0 && status.st_size > 0 ? Int(status.st_size) : nil
    }

    deinit {
        free(buffer)
        fclose(stream)
    }

    /// The next event, or `nil` at the end. Says which line is no event and throws an exit code.
    func next() throws -> Line? {
        while true {
            let count = getline(&buffer, &capacity, stream)
            guard count >= 0, let buffer else {
                guard ferror(stream) == 0 else {
                    Terminal.err("\(path) cannot be read.")
                    throw ExitCode.badInput
                }
                return nil
            }
            number += 1
            bytesRead += count
            guard count <= Self.lineBytesMax else {
                Terminal.err("\(path), line \(number), is longer than \(Self.lineBytesMax >> 20) MiB.")
                throw ExitCode.badInput
            }
            let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
            guard bytes.contains(where: { $0 > 0x20 }) else { continue }
            do {
                return Line(number: number, facts: try Facts(log: Array(bytes)))
            } catch {
                Terminal.err("\(path), line \(number), is no event: a JSON object is needed on every line.")
                throw ExitCode.badInput
            }
        }
    }

    /// All events that are left.
    func all() throws -> [Line] {
        var lines: [Line] = []
        while let line = try next() { lines.append(line) }
        return lines
    }
}
