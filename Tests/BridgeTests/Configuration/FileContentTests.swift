import Foundation
import TestSupport
import Testing

@testable import Bridge

/// What is read besides regular files, and that nothing is waited for without end.
@Suite(.timeLimit(.minutes(1))) struct FileContentTests {
    @Test func aNamedPipeWithoutAWriterHoldsNothing() throws {
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let path = scratch.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        #expect(fault(of: path) == .emptyPipe)
    }

    @Test(arguments: ["/dev/null", "/dev/zero"]) func devicesAreNotRead(path: String) {
        #expect(fault(of: path) == .noFile)
    }

    /// `{file: /dev/fd/63}`, where a shell puts what `<(command)` prints.
    @Test func aPipeFromTheShellIsReadOnce() throws {
        let pipe = Pipe()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        // The writer takes its time.
        let writer = Thread {
            Thread.sleep(forTimeInterval: 0.2)
            try? pipe.fileHandleForWriting.write(contentsOf: Data("0123456789".utf8))
            Thread.sleep(forTimeInterval: 0.2)
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        #expect(try FileContent.read(path: path).get().bytes == Array("0123456789".utf8))
        #expect(fault(of: path) == .emptyPipe)
    }

    @Test func aWriterThatNeverEndsIsGivenUp() {
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data("01234".utf8))
        #expect(fault(of: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)") == .silentPipe)
        withExtendedLifetime(pipe) {}
    }

    private func fault(of path: String) -> FileFault? {
        if case .failure(let fault) = FileContent.read(path: path) { fault } else { nil }
    }
}
