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
    private let reader: LineReader
    /// What was read of a pipe and comes once more, in a file without a name; `nil` where there is none or no more.
    private var spool: LineReader?
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
        reader = LineReader(opened)
        var status = stat()
        bytes = fstat(fileno(opened), &status) == 0 && status.st_size > 0 ? Int(status.st_size) : nil
    }

    /// The first `timestamp` of an event, or `nil` where none has one. The next event is the same as before: a file is
    /// read again, and what came from a pipe is kept on disk until then. Says what is wrong and throws an exit code.
    func firstTimestamp() throws -> Timestamp? {
        let start = (offset: reader.offset, number: number, bytesRead: bytesRead)
        let kept = start.offset == nil ? tmpfile() : nil
        guard start.offset != nil || kept != nil else { throw unkept() }
        defer {
            number = start.number
            bytesRead = start.bytesRead
        }
        var found: Timestamp?
        while found == nil, let line = try next(keeping: kept) { found = line.facts.timestamp }
        if let kept {
            spool = LineReader(kept)
            guard fflush(kept) == 0 else { throw unkept() }
            rewind(kept)
        } else if let offset = start.offset, !reader.seek(to: offset) {
            Terminal.err("\(path) cannot be read twice: \(String(cString: strerror(errno))).")
            throw ExitCode.badInput
        }
        return found
    }

    private func unkept() -> ExitCode {
        Terminal.err(
            "Events before the first timestamp cannot be kept on disk: \(String(cString: strerror(errno))). "
                + "Give the events as a file instead.")
        return ExitCode.badInput
    }

    /// The next event, or `nil` at the end. Says which line is no event and throws an exit code.
    func next() throws -> Line? { try next(keeping: nil) }

    /// - Parameter kept: gets the lines that are read.
    private func next(keeping kept: UnsafeMutablePointer<FILE>?) throws -> Line? {
        while true {
            guard let bytes = try readLine() else { return nil }
            number += 1
            bytesRead += bytes.count
            if let kept, fwrite(bytes, 1, bytes.count, kept) < bytes.count { throw unkept() }
            guard bytes.contains(where: { $0 > 0x20 }) else { continue }
            do {
                return Line(number: number, facts: try Facts(log: bytes))
            } catch {
                Terminal.err("\(path), line \(number), is no event: a JSON object is needed on every line.")
                throw ExitCode.badInput
            }
        }
    }

    /// The next line: what was kept comes first. `nil` at the end.
    private func readLine() throws -> [UInt8]? {
        do throws(LineReader.Fault) {
            if let kept = spool {
                if let line = try kept.next(bytesMax: Self.lineBytesMax) { return line }
                spool = nil
            }
            return try reader.next(bytesMax: Self.lineBytesMax)
        } catch {
            switch error {
            case .unreadable: Terminal.err("\(path) cannot be read.")
            case .tooLong:
                Terminal.err("\(path), line \(number + 1), is longer than \(Self.lineBytesMax >> 20) MiB.")
            }
            throw ExitCode.badInput
        }
    }

    /// All events that are left.
    func all() throws -> [Line] {
        var lines: [Line] = []
        while let line = try next() { lines.append(line) }
        return lines
    }
}
