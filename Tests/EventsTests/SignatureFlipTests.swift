import Events
import TestSupport
import Testing

/// One changed bit in a signed delivery must not pass, unless it changes neither the data nor the value of the code.
struct SignatureFlipTests {
    private static let flips = 10_000
    /// Longer bodies are left out: they would take the test's whole time.
    private static let bodyBytesMax = 3_000

    @Test(.timeLimit(.minutes(5)))
    func noFlippedBitIsAccepted() throws {
        var generator = SeededRandom.announced(for: "noFlippedBitIsAccepted")
        let all = SignatureCase.own + SignatureCase.vectors(at: SharedVectors.path)
        let cases = all.filter { $0.canonical != nil && $0.body.count <= Self.bodyBytesMax }
        try #require(!cases.isEmpty)
        var accepted = 0
        var pairs: [([UInt8], [UInt8])] = []
        for _ in 0..<Self.flips {
            let signed = cases[Int.random(in: 0..<cases.count, using: &generator)]
            let signatures = [signed.signatureOverRaw, signed.signatureOverCanonical].compactMap { $0 }
            let signature = signatures[Int.random(in: 0..<signatures.count, using: &generator)]
            let flipsBody = !signed.body.isEmpty && Int.random(in: 0..<4, using: &generator) > 0
            if flipsBody {
                let body = flipped(signed.body, using: &generator)
                guard signed.outcome(signature: signature, body: body).answer != .unverified else { continue }
                #expect(try CanonicalText.of(body) == signed.canonical, "\(signed.name)")
                pairs.append((signed.body, body))
            } else {
                let changed = String(decoding: flipped(Array(signature.utf8), using: &generator), as: UTF8.self)
                guard signed.outcome(signature: changed).answer != .unverified else { continue }
                #expect(Hex.decode(changed.utf8) == Hex.decode(signature.utf8), "\(signed.name)")
            }
            accepted += 1
        }
        // Flips between white space characters, between spellings of a number, and of a letter's case in the code.
        #expect(accepted < Self.flips / 10)
        if Python.path != nil { #expect(try differing(pairs) == [], "accepted although the data differ") }
    }

    /// The pairs whose data differ for Python, by index: somebody else's `json.loads` is the judge, because ours was
    /// also the one that accepted them.
    private func differing(_ pairs: [([UInt8], [UInt8])]) throws -> [Int] {
        let program = """
            import json, sys
            for index, line in enumerate(sys.stdin):
                one, other = (repr(json.loads(bytes.fromhex(part))) for part in line.split())
                if one != other: print(index)
            """
        let input = pairs.map { Hex.encode($0) + " " + Hex.encode($1) + "\n" }.joined()
        let output = try Python.run(program, input: Array(input.utf8))
        return String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { Int($0) }
    }

    private func flipped(_ bytes: [UInt8], using generator: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        return bytes
    }
}
