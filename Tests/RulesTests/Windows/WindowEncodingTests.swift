import Events
import Rules
import TestSupport
import Testing

/// What a window is as bytes, and what bytes are no window.
@Suite struct WindowEncodingTests {
    /// Every kind of window, empty, with a few inputs, and with so many that buckets and sketches stand for them.
    static func everyStage(_ random: inout SeededRandom) -> [(shape: WindowShape, bytes: [UInt8])] {
        var stages: [(WindowShape, [UInt8])] = []
        for shape in WindowDifferentialTests.shapes(.seconds(120), &random) {
            var contents = WindowContents(shape)
            stages.append((shape, contents.encoded()))
            var now = WindowStream.start
            for event in 0..<4_400 {
                now += 10_000
                var input = WindowStream.input(for: shape, &random)
                if case .text = input { input = .text("\(event)") }
                contents.add(
                    input, at: Timestamp(microseconds: now - Int64.random(in: 0...50_000, using: &random)),
                    now: Timestamp(microseconds: now))
                if event == 3 || event == 300 { stages.append((shape, contents.encoded())) }
            }
            stages.append((shape, contents.encoded()))
        }
        return stages
    }

    @Test(.timeLimit(.minutes(2))) func everyStageIsReadAsItWasWritten() throws {
        var random = seededRandom()
        for (shape, bytes) in Self.everyStage(&random) {
            let contents = try #require(WindowContents(decoding: bytes, shape: shape), "\(shape)")
            #expect(contents.encoded() == bytes, "\(shape)")
        }
    }

    /// Whatever the bytes are, reading them gives nothing or a window that works.
    @Test(.timeLimit(.minutes(5))) func brokenBytesBreakNothing() {
        var random = seededRandom()
        var refused = 0
        for (shape, bytes) in Self.everyStage(&random) {
            for length in [0, 1, 2, bytes.count / 2, bytes.count - 1] where length < bytes.count {
                #expect(WindowContents(decoding: Array(bytes[..<length]), shape: shape) == nil, "\(shape) \(length)")
            }
            #expect(WindowContents(decoding: bytes + [0], shape: shape) == nil, "\(shape)")
            for _ in 0..<40 {
                var broken = bytes
                // Mostly near the beginning, where the counts and times are.
                let reach = Bool.random(using: &random) ? min(40, bytes.count) : bytes.count
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let index = Int.random(in: 0..<reach, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: broken[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    case 1: broken[index] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
                    default: broken.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
                    }
                }
                guard var contents = WindowContents(decoding: broken, shape: shape) else {
                    refused += 1
                    continue
                }
                use(&contents, shape, &random)
            }
        }
        #expect(refused > 300)
    }

    private func use(_ contents: inout WindowContents, _ shape: WindowShape, _ random: inout SeededRandom) {
        for instant in [Int64.min, WindowStream.start + 60_000_000, WindowStream.start + 90_000_000, .max] {
            let now = Timestamp(microseconds: instant)
            _ = contents.measure(at: now)
            _ = contents.budget(at: now)
            _ = contents.trend(at: now, bars: 7)
            contents.add(WindowStream.input(for: shape, &random), at: now, now: now)
            contents.add(
                WindowStream.input(for: shape, &random),
                at: now.advanced(by: .seconds(-Int64.random(in: 0...130, using: &random))),
                now: now)
            _ = contents.nextChange
            contents.shift(by: .seconds(-3_600))
        }
        #expect(contents.bytes > 0 && !contents.encoded().isEmpty)
    }

    @Test func aWindowOfAnotherKindOrVersionIsNotRead() {
        var random = seededRandom()
        let stages = Self.everyStage(&random)
        for (shape, _) in stages {
            for (other, bytes) in stages where shape != other {
                if case .change(let measure, _, _) = shape, case .change(measure, _, _) = other { continue }
                #expect(WindowContents(decoding: bytes, shape: shape) == nil, "\(other) as \(shape)")
            }
        }
        for (shape, bytes) in stages { #expect(WindowContents(decoding: [2] + bytes.dropFirst(), shape: shape) == nil) }
    }

    @Test func rowsAreSmall() {
        var random = seededRandom()
        for (shape, bytes) in Self.everyStage(&random) {
            let bytesMax =
                switch shape {
                // 4,096 distances of two or three bytes, and buckets.
                case .count, .ratio, .change(.count, _, _): 16_000
                // Eight more for each number, and sketches.
                case .sum, .average, .minimum, .maximum, .change, .budget, .percentile: 90_000
                // Six sketches of a thousand registers, and the newest texts.
                case .distinct: 20_000
                // Eleven bytes a text.
                case .firstSeen: 70_000
                case .absent: 16
                }
            #expect(bytes.count < bytesMax, "\(shape)")
            #expect(!String(decoding: bytes, as: UTF8.self).contains("text"))
        }
    }

    /// A hundred thousand groups of a few inputs each in 200 MB.
    @Test func aSmallGroupTakesLittleMemory() {
        var random = seededRandom()
        for shape in WindowDifferentialTests.shapes(.seconds(120), &random) {
            #expect(WindowContents(shape).bytes < 1_000, "\(shape)")
            var contents = WindowContents(shape)
            for event in 0..<20 {
                let now = Timestamp(microseconds: WindowStream.start + Int64(event) * 1_000_000)
                contents.add(WindowStream.input(for: shape, &random), at: now, now: now)
            }
            #expect(contents.bytes < 2_000, "\(shape)")
        }
    }
}
