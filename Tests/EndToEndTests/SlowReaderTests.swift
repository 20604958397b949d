import Foundation
import TestSupport
import Testing

/// A result is written whole, or the reader hung up.
@Suite struct SlowReaderTests {
    /// Shells and programs share pipes that one of them has made non-blocking: a full one is waited for.
    @Test(.timeLimit(.minutes(1))) func aPipeThatDoesNotBlockGetsTheWholeResult() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        let reader = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        // The smallest pipe there is holds a page: less than the schema.
        let pipeSizeOption: Int32 = 1_031  // F_SETPIPE_SZ (fcntl(2)), which Glibc's module does not have
        #expect(fcntl(ends[1], pipeSizeOption, 4_096) == 4_096)
        let process = try TestProcess(
            starting: ServerProcess.executable.path, ["schema"], folder: "/", input: .file("/dev/null"),
            output: .descriptor(ends[1]), errors: .file("/dev/null"))
        close(ends[1])
        // By now the pipe is full, or the result was given up.
        try await Task.sleep(for: .milliseconds(500))
        let slow = try reader.readToEnd() ?? Data()
        #expect(process.wait() == 0)
        let whole = try TestProcess.run(ServerProcess.executable.path, ["schema"]).output
        #expect(whole.utf8.count > 4_096)
        #expect(String(decoding: slow, as: UTF8.self) == whole)
    }

    /// `hookmail schema > file` on a full disk: a program must not take what is there for the schema.
    @Test(.timeLimit(.minutes(1))) func anOutputThatTakesNothingIsAFault() async throws {
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let errors = scratch.path + "/err"
        for words in [["schema"], ["completions", "bash"], ["eval", "1 + 1"]] {
            let process = try TestProcess(
                starting: ServerProcess.executable.path, words, folder: scratch.path, input: .file("/dev/null"),
                output: .file("/dev/full"), errors: .file(errors))
            #expect(process.wait() == 74, "\(words)")
            let said = try String(contentsOfFile: errors, encoding: .utf8)
            #expect(said == "The output could not be written: No space left on device.\n")
            try FileManager.default.removeItem(atPath: errors)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aReaderThatHungUpIsNone() throws {
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let process = try TestProcess(
            starting: ServerProcess.executable.path, ["schema"], folder: "/", input: .file("/dev/null"),
            output: .descriptor(ends[1]), errors: .file(scratch.path + "/err"))
        close(ends[1])
        #expect(process.wait() != 74)
        #expect(try String(contentsOfFile: scratch.path + "/err", encoding: .utf8).isEmpty)
    }
}
