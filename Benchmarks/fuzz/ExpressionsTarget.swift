import Events
import Expressions

/// What every input is evaluated over: facts of all kinds, and members of the whole event.
private let activation: Activation? = {
    let event = """
        {"status_code": 500, "cost": 0.75, "latency": 2.5, "model": "gpt-4o", "error_message": "upstream timed out", \
        "timestamp": "2026-01-31T08:00:00Z", "metadata": {"tags": ["a", "b"], "n": 7, "team": "red"}}
        """
    guard let facts = try? Facts(log: Array(event.utf8)) else { return nil }
    return Activation(facts: facts, source: "test", receivedAt: Timestamp(seconds: 1_800_000_000))
}()

private let environment: Environment = {
    var environment = Environment()
    try? environment.define("hard", as: ExpressionSource(text: "status_code >= 500 or failed", file: "let"))
    return environment
}()

/// libFuzzer's entry: an expression is refused with words, or its verdict, its trace and its value agree.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let activation else { preconditionFailure("the event of the target is not read") }
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    do {
        let program = try Program.compile(ExpressionSource(text: text, file: "fuzz"), in: environment)
        let verdict = program.verdict(for: activation)
        precondition(program.trace(for: activation).verdict == verdict, "the trace tells another verdict")
        if case .success(let value) = program.value(for: activation) { _ = value.encodedJSON() }
    } catch {
        precondition(!error.rendered(color: true).isEmpty, "a refusal without words")
    }
    return 0
}
