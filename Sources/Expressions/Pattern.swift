internal import CRE2

/// A compiled regular expression of RE2: no back-references, no look-around, time linear in the text.
///
/// Swift's `Regex` is not used anywhere near events: it backtracks, so a stranger's text could stop the server.
final class Pattern: @unchecked Sendable {  // RE2 never changes after construction; matching is safe on any thread.
    /// Why a pattern cannot be used, in RE2's words.
    struct Fault: Error {
        let message: String
    }

    private let handle: OpaquePointer

    /// Compiles `text`, at most `ExpressionLimits.patternScalarsMax` scalars of it.
    init(_ text: String) throws(Fault) {
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
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                withUnsafePointer(to: CChar(0)) { empty in
                    cre2_matches(handle, characters.baseAddress ?? empty, characters.count)
                }
            }
        }
    }

    /// The same, paid for by the length of the text.
    func matches(_ text: String, _ budget: inout StepBudget) throws(EvaluationFault) -> Bool {
        try budget.pay(bytes: text.utf8.count)
        return matches(text)
    }
}
