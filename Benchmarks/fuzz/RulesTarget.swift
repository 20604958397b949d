import Expressions
import Rules

/// libFuzzer's entry: a text is refused with words, or makes a rule set whose own text makes the same again.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    do {
        let ruleSet = try RuleSet.read(text, file: "fuzz.yaml", addresses: { .success($0) }).ruleSet
        let again = try? RuleSet.read(ruleSet.text, file: "again.yaml", addresses: { .success($0) }).ruleSet
        precondition(again?.hash == ruleSet.hash, "the text of a rule set makes another one")
    } catch {
        precondition(!error.rendered().isEmpty, "a refusal without words")
    }
    return 0
}
