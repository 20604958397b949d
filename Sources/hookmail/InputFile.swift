import ArgumentParser
import Glibc

/// Reads files that a command line names.
enum InputFile {
    /// The most bytes read: the largest body the server takes.
    static let bytesMax = 32 << 20

    /// The file's bytes, or standard input for `-`. Says what is wrong and throws an exit code.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            Terminal.err("\(path) cannot be read: \(String(cString: strerror(errno))).")
            throw ExitCode.badInput
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else {
                Terminal.err("\(path) cannot be read: \(String(cString: strerror(errno))).")
                throw ExitCode.badInput
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= bytesMax else {
                Terminal.err("\(path) is larger than \(bytesMax >> 20) MiB, which the server would refuse too.")
                throw ExitCode.badInput
            }
        }
    }
}
