import ArgumentParser
import Bridge
import Glibc
import Synchronization

/// Standard output for results, standard error for what is about them.
enum Terminal {
    /// Prints a line of result.
    static func out(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Prints bytes as they are, and no line end behind them; on a terminal without what could steer it.
    static func out(bytes: [UInt8]) {
        guard isatty(STDOUT_FILENO) == 1 else {
            write(bytes, to: STDOUT_FILENO)
            return
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines { out(FactTable.plain(String(line), scalarsMax: .max)) }
    }

    /// Prints a line about the result: a diagnostic, a hint, progress.
    static func err(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// What `errOnce` has said.
    private static let said = Mutex<Set<String>>([])

    /// Prints a line about the result that several parts of a command come upon: the second time nothing.
    static func errOnce(_ line: String) {
        guard said.withLock({ $0.insert(line).inserted }) else { return }
        err(line)
    }

    /// Shows progress on standard error: no line of its own.
    static func status(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Whether people look at standard error, so that colour helps.
    static var colours: Bool { coloured(STDERR_FILENO) }

    /// The colours for standard output.
    static var palette: Palette { Palette(isColoured: coloured(STDOUT_FILENO)) }

    /// Colour is for terminals that can show it. `NO_COLOR` (no-color.org) turns it off everywhere.
    private static func coloured(_ descriptor: Int32) -> Bool {
        let isUnwanted = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { $0.pointee == 0 || String(cString: $0) == "dumb" } ?? true
        return isatty(descriptor) == 1 && !isUnwanted && !isDumb
    }

    /// Why standard output did not take a result, as an `errno`; 0 while it has taken all.
    private static let outputFault = Atomic<Int32>(0)

    /// Says, once the command is at its end, that a result was lost, and gives the exit code for it: half a result with
    /// code 0 would be taken for a whole one. A reader that hung up (EPIPE), as `head` does, wanted no more.
    static func complaintOfLostOutput() -> ExitCode? {
        let fault = outputFault.load(ordering: .relaxed)
        guard fault != 0 else { return nil }
        err("The output could not be written: \(String(cString: strerror(fault))).")
        return .outputLost
    }

    /// Unbuffered, so that lines of both streams stand in order.
    private static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        let fault = OutputDescriptor(descriptor).write(bytes)
        guard descriptor == STDOUT_FILENO, fault != 0, fault != EPIPE else { return }
        outputFault.store(fault, ordering: .relaxed)
    }
}
