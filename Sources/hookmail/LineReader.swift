import Glibc

/// Reads a stream line by line, and never holds more of it than the longest line that is asked for.
final class LineReader {
    /// What stands in the way of the next line.
    enum Fault: Error {
        /// The stream cannot be read.
        case unreadable
        /// The line is longer than was asked for. Nothing sensible can be read behind it.
        case tooLong
    }

    /// The bytes that are read at once.
    private static let chunkBytes = 64 << 10

    let stream: UnsafeMutablePointer<FILE>
    private var chunk = [UInt8](repeating: 0, count: chunkBytes)
    /// What of the chunk has not been given out.
    private var rest = 0..<0

    /// - Parameter stream: is closed with the reader.
    init(_ stream: UnsafeMutablePointer<FILE>) {
        self.stream = stream
    }

    deinit { fclose(stream) }

    /// The next line with its end, or `nil` behind the last one.
    ///
    /// - Parameter bytesMax: the longest line, with its end.
    func next(bytesMax: Int) throws(Fault) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if rest.isEmpty {
                let count = fread(&chunk, 1, Self.chunkBytes, stream)
                guard count > 0 else {
                    guard ferror(stream) == 0 else { throw .unreadable }
                    return line.isEmpty ? nil : line
                }
                rest = 0..<count
            }
            let end = chunk[rest].firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.upperBound
            guard line.count + (end - rest.lowerBound) <= bytesMax else { throw .tooLong }
            line += chunk[rest.lowerBound..<end]
            rest = end..<rest.upperBound
            if line.last == 0x0A { return line }
        }
    }

    /// Where the next line begins, in bytes from the start; `nil` for a stream that cannot be read twice.
    var offset: Int? {
        let position = ftello(stream)
        return position < 0 ? nil : position - rest.count
    }

    /// Goes to where a line begins; `false` where that cannot be done.
    func seek(to offset: Int) -> Bool {
        rest = 0..<0
        return fseeko(stream, offset, SEEK_SET) == 0
    }
}
