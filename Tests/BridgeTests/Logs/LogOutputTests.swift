import Bridge
import Foundation
import Glibc
import Logging
import TestSupport
import Testing

/// Standard error that is slow, full or gone never holds the server up.
@Suite(.timeLimit(.minutes(1))) struct LogOutputTests {
    @Test func linesOfManyTasksArriveWholeAndAll() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/log"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let output = LogOutput(descriptor: descriptor, format: .logfmt)
        let log = Self.logger(output)
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<250 {
                        log.info("counted", metadata: ["n": .stringConvertible(task * 1_000 + number)])
                    }
                }
            }
        }
        await output.flush()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2_000)
        #expect(Set(lines.compactMap { $0.split(separator: "n=").last }).count == 2_000)
        #expect(lines.allSatisfy { $0.contains(" level=info message=counted n=") })
    }

    @Test func aPipeThatNobodyReadsHoldsNothingUpAndWhatWasDroppedIsSaid() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(writing) }
        let output = LogOutput(descriptor: writing, format: .logfmt, backlogBytesMax: 16_384)
        let log = Self.logger(output)
        let filler = String(repeating: "x", count: 900)
        for _ in 0..<2_000 { log.info("filling", metadata: ["filler": "\(filler)"]) }
        await output.flush(atMost: .milliseconds(100))
        // All 2,000 calls returned though the pipe takes 64 kB: now somebody reads, and the log goes on.
        let read = try await DetachedThread.run { () -> String in
            var text: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while Self.counted(text) < 2_000 {
                let count = Glibc.read(reading, &buffer, buffer.count)
                guard count > 0 else { break }
                text += buffer[..<count]
                // What was dropped is told before the next line that gets through.
                log.info("going on")
            }
            close(reading)
            return String(decoding: text, as: UTF8.self)
        }
        #expect(read.contains(#"level=warning message="log lines dropped" dropped="#))
        #expect(read.contains("message=filling"))
        #expect(Self.counted(Array(read.utf8)) >= 2_000, "lines are missing that nobody spoke of")
    }

    @Test func aClosedPipeCostsLinesAndNothingElse() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let output = LogOutput(descriptor: ends[1], format: .json)
        let log = Self.logger(output)
        for _ in 0..<5_000 { log.error("lost") }
        await output.flush()
    }

    /// Lines that arrived, and lines that are said to have been dropped.
    private static func counted(_ text: [UInt8]) -> Int {
        String(decoding: text, as: UTF8.self).split(separator: "\n").reduce(0) { sum, line in
            if line.contains("message=filling") { return sum + 1 }
            return sum + (line.split(separator: "dropped=").last.flatMap { Int($0) } ?? 0)
        }
    }

    private static func logger(_ output: LogOutput) -> Logger {
        Logger(label: "test") { _ in LineLogHandler(output: output, level: .info) }
    }
}
