import Foundation
import TestSupport
import Testing

@testable import Events

/// Doubles are read and written as CPython does; the oracle is the machine's own `python3`.
@Suite(.enabled(if: Python.path != nil, "python3 is not installed"))
struct NumberTextTests {
    @Test(.timeLimit(.minutes(2)))
    func canonicalNumbersArePythons() throws {
        var generator = SeededRandom.announced(for: "canonicalNumbersArePythons")
        let tokens = (0..<60_000).map { Self.token($0, using: &generator) }
        let body = Array(("[" + tokens.joined(separator: ",") + "]").utf8)
        let text = try CanonicalText.of(body)
        let python = try Python.run("import json,sys\nsys.stdout.write(json.dumps(json.load(sys.stdin)))", input: body)
        let alone = tokens.map { Array($0.utf8) }
        let shortest = zip(alone, python.dropFirst().dropLast().split(separator: UInt8(ascii: ","))).filter {
            token, _ in
            token.contains(UInt8(ascii: ".")) && token.withUnsafeBufferPointer(NumberText.isShortest)
        }
        #expect(shortest.count > 500)
        for (token, repr) in shortest where token != Array(repr.drop { $0 == UInt8(ascii: " ") }) {
            Issue.record("\(String(decoding: token, as: UTF8.self)) is not what Python writes")
            return
        }
        guard text != python else { return }
        let ours = String(decoding: text, as: UTF8.self).split(separator: ", ")
        let theirs = String(decoding: python, as: UTF8.self).split(separator: ", ")
        for (index, pair) in zip(ours, theirs).enumerated() where pair.0 != pair.1 {
            Issue.record("\(tokens[index]) became \(pair.0), Python writes \(pair.1)")
            return
        }
    }

    /// A number token: any bits, decimals of many lengths, the band where Swift's own text differs, and halves between
    /// two doubles.
    private static func token(_ index: Int, using generator: inout SeededRandom) -> String {
        switch index % 7 {
        case 0:
            let value = Double(bitPattern: generator.next())
            return value.isFinite ? value.description : "0.5"
        case 1: return "\(Double.random(in: 9_007_199_254_740_992...10_000_000_000_000_000, using: &generator))"
        case 2:
            return
                "\(Int32(truncatingIfNeeded: generator.next()))e\(Int.random(in: -30...30, using: &generator))"
        case 3:
            let fraction = (0..<Int.random(in: 1...40, using: &generator))
                .map { _ in String(Int.random(in: 0...9, using: &generator)) }
            return "-\(Int.random(in: 0...99, using: &generator)).\(fraction.joined())"
        case 4:
            let odd = UInt64.random(in: 1 << 52..<1 << 53, using: &generator) * 2 + 1
            return "\(odd)\(index % 4 < 2 ? ".0" : ".00000000000000000000001")"
        case 5:
            let fraction = (0..<Int.random(in: 1...7, using: &generator))
                .map { _ in String(max(0, Int.random(in: -9...9, using: &generator))) }
            return "\(max(0, Int.random(in: -999...999, using: &generator))).\(fraction.joined())"
        default: return "\(generator.next() >> UInt64.random(in: 0..<64, using: &generator)).5e-\(index % 340)"
        }
    }
}
