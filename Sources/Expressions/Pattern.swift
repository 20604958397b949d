internal import CRE2

/// A compiled regular expression of RE2: no back-references, no look-around, time linear in the text.
///
/// Swift's `Regex` is not used anywhere near events: it backtracks, so a stranger's text could stop the server.
package final class Pattern: @unchecked Sendable {  // RE2 never changes once made; any thread may match.
    /// Why a pattern cannot be used, in RE2's words.
    package struct Fault: Error {
        package let message: String
    }

    private let handle: OpaquePointer

    /// Compiles `text`, at most `ExpressionLimits.patternScalarsMax` scalars of it.
    package init(_ text: String) throws(Fault) {
        guard text.unicodeScalars.count <= ExpressionLimits.patternScalarsMax else {
            throw Fault(message: "it is longer than \(ExpressionLimits.patternScalarsMax) characters")
        }
        var text = text
        let compiled = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // An empty buffer may have no address at all; RE2 wants one.
                withUnsafePointer(to: CChar(0)) { empty in
                    let limit = Int64(ExpressionLimits.patternMemoryBytesMax)
                    return cre2_compile(characters.baseAddress ?? empty, characters.count, limit)
                }
            }
        }
        guard let compiled else { throw Fault(message: "there is not enough memory for it") }
        handle = compiled
        if let error = cre2_error(compiled) {
            let message = String(cString: error)
            throw Fault(message: message)
        }
    }

    deinit {
        cre2_free(handle)
    }

    /// Whether the pattern matches anywhere in `text`.
    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                withUnsafePointer(to: CChar(0)) { empty in
                    cre2_matches(handle, characters.baseAddress ?? empty, characters.count)
                }
            }
        }
    }

    /// Where the pattern matches: one match behind the other, none of them empty, as offsets into `bytes` of UTF-8.
    package func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        bytes.withUnsafeBytes { buffer in
            guard let characters = buffer.bindMemory(to: CChar.self).baseAddress else { return [] }
            var ranges: [Range<Int>] = []
            var (start, from, to) = (0, 0, 0)
            while start < buffer.count, cre2_find(handle, characters, buffer.count, start, &from, &to) {
                if from < to { ranges.append(from..<to) }
                start = max(to, start + 1)
            }
            return ranges
        }
    }

    /// The same, paid for by the length of the text.
    func matches(_ text: String, _ budget: inout StepBudget) throws(EvaluationFault) -> Bool {
        try budget.pay(bytes: text.utf8.count)
        return matches(text)
    }
}
