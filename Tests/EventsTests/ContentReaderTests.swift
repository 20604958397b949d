import Events
import Testing

/// How content is read out of a body, and under which names.
@Suite struct ContentReaderTests {
    private func read(_ path: String, _ body: String, bytesMax: Int = 4_000, wanted: Int = 2_000) throws -> ContentText?
    {
        try ContentReader(Array(body.utf8)).text(
            try ContentPath(parsing: path), bytesMax: bytesMax, scalarsWanted: wanted)
    }

    @Test(arguments: [
        ("prompt", #"{"input":"hello"}"#, "hello"),
        ("event.issue.title", #"{"action":"opened","issue":{"title":"It burns","number":7}}"#, "It burns"),
        ("event.issue.number", #"{"action":"opened","issue":{"title":"It burns","number":7}}"#, "7"),
        ("event.issue", #"{"issue":{"api_key":"ghp_1","number":7}}"#, "api_key: [removed]\nnumber: 7"),
        ("prompt", #"{"prompt_messages":[{"role":"user","content":"a"},{"role":"x","content":"b"}]}"#, "user: a\nx: b"),
        ("messages", #"{"messages":[{"role":"user","content":"a"}]}"#, "user: a"),
        ("prompt", #"{"input":"[{\"role\":\"user\",\"content\":\"a\"}]"}"#, "user: a"),
        ("prompt", #"{"prompt_messages":[],"input":"", "prompt":"p"}"#, "p"),
        ("prompt", #"{"prompt_messages":null,"input":"[not json"}"#, "[not json"),
        ("prompt", #"{"prompt_messages":[{"content":"no role"},"text",3]}"#, "no role\ntext\n3"),
        (
            "prompt",
            #"{"prompt_messages":[{"role":"user","content":[{"type":"text","text":"a"},"#
                + #"{"type":"image_url","image_url":{"url":"https://x.example/?sig=1"}},"#
                + #"{"type":"input_audio","input_audio":{"data":"AA"}}]}]}"#,
            "user: a\n[image]\n[audio]"
        ),
        ("prompt", #"{"input":{"contents":[{"parts":[{"text":"x"}]}]}}"#, #"{"contents":[{"parts":[{"text":"x"}]}]}"#),
        ("prompt", #"{"prompt_messages":[{"role":"user","parts":[{"text":"x"}]}]}"#, "user: x"),
        ("completion", #"{"completion_message":{"role":"assistant","content":"yes"}}"#, "assistant: yes"),
        ("output", #"{"output":"{\"role\":\"assistant\",\"content\":\"yes\"}"}"#, "assistant: yes"),
        ("completion", #"{"completion_message":{"role":"assistant","content":null,"refusal":"no"}}"#, "assistant: no"),
        (
            "completion",
            #"{"completion_message":{"role":"assistant","content":"ok","tool_calls":["#
                + #"{"function":{"name":"f","arguments":"{\"a\":1}"}},{"name":"g","input":{"b":2}}]}}"#,
            "assistant: ok\ncalls f({\"a\":1})\ncalls g({\"b\":2})"
        ),
        (
            "tool_calls", #"{"completion_message":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}"#,
            "calls f({})"
        ),
        ("variables", #"{"variables":{"a":"x\ny","b":1.50,"c":[true,null]}}"#, "a: x\ny\nb: 1.50\nc: [true,null]"),
        ("variables.a.b", #"{"variables":"{\"a\":{\"b\":7}}"}"#, "7"),
        ("metadata.note", #"{"metadata":{"note":"n","note ":"m"}}"#, "n"),
        ("metadata.n\u{e9}", #"{"metadata":{"n\u00e9":"escaped"}}"#, "escaped"),
        ("full_response", #"{"full_response":{"a" : [1, {"b":"q\"\u0001"}] }}"#, #"{"a":[1,{"b":"q\"\u0001"}]}"#),
        ("full_response", #"{"full_response":{"a":1,"a":2}}"#, #"{"a":2}"#),
        (
            "full_request", #"{"full_request":{"api_key":"k","h":{"Authorization":"x"}}}"#,
            #"{"api_key":"[removed]","h":{"Authorization":"[removed]"}}"#
        ),
    ])
    func contentIsReadForPeople(path: String, body: String, wanted: String) throws {
        let found = try read(path, body)
        #expect(found?.head == wanted)
        #expect(found?.scalars == wanted.unicodeScalars.count && found?.isCut == false)
    }

    @Test(arguments: [
        ("prompt", "{}"), ("prompt", #"{"input":null}"#), ("variables.b", #"{"variables":{"a":1}}"#),
        ("variables.a.b", #"{"variables":{"a":"text"}}"#), ("completion", #"{"output":"","completion_message":{}}"#),
        ("variables", #"{"variables":{}}"#), ("prompt", "[]"),
    ])
    func whatIsNotThereIsNothing(path: String, body: String) throws {
        #expect(try read(path, body) == nil)
    }

    @Test func base64IsNamedByItsSize() throws {
        let data = String(repeating: "iVBORw0KGgo/", count: 100)
        let found = try read(
            "prompt",
            #"{"input":"see data:image/png;base64,\#(data) and \#(data) and \#(String(repeating: "=", count: 400))"}"#)
        #expect(
            found?.head
                == "see [image/png, 900 bytes] and [base64 data, 900 bytes] and \(String(repeating: "=", count: 400))")
        let picture =
            #"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(String(repeating: data, count: 3))"}}"#
        #expect(
            try read("prompt", #"{"messages":[{"role":"u","content":[\#(picture)]}]}"#)?.head
                == "u: [image, 2715 bytes]")
    }

    @Test func aHeadEndsBetweenCharactersAndCountsAllOfThem() throws {
        let found = try read("prompt", #"{"input":"\#(String(repeating: "é", count: 100))"}"#, bytesMax: 7)
        #expect(found == ContentText.made("ééé", scalars: 100))
    }

    @Test func aDeepValueIsWrittenWithoutRecursion() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(try read("full_request", #"{"full_request":\#(deep)}"#)?.head == deep)
    }

    @Test func pathsAreReadAndRefused() {
        let fault = { (text: String) -> ContentPath.Fault? in
            do throws(ContentPath.Fault) {
                _ = try ContentPath(parsing: text)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault("promt") == .unknownField("promt"))
        #expect(fault("") == .unknownField(""))
        #expect(fault("prompt.role") == .noMembers(.prompt))
        #expect(fault("variables.") == .malformed)
        #expect(fault("variables.a..b") == .malformed)
        #expect(fault("variables" + String(repeating: ".a", count: 9)) == .malformed)
        #expect(fault("metadata.api_key") == .credential)
        #expect(fault("full_request.headers.X-Api-Key") == .credential)
        #expect((try? ContentPath(parsing: "input"))?.name == "prompt")
        #expect((try? ContentPath(parsing: "variables.a b"))?.name == "variables.a b")
    }
}

extension ContentText {
    fileprivate static func made(_ head: String, scalars: Int) -> ContentText? {
        let body = #"{"input":"\#(head)\#(String(repeating: "x", count: scalars - head.unicodeScalars.count))"}"#
        return try? ContentReader(Array(body.utf8)).text(
            ContentPath(.prompt), bytesMax: head.utf8.count, scalarsWanted: 1)
    }
}
