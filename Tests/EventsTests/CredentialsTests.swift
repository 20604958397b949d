import Events
import Testing

/// What a stored body looks like.
struct CredentialsTests {
    private func stored(_ body: String) throws -> [String] {
        let secret = Secret(Array("secret".utf8), label: "test")
        let bytes = Array(body.utf8)
        let verifier = SignatureVerifier(source: "s", scheme: .keywordsai, secrets: [secret])
        let request = InboundRequest(
            source: "s", headers: [SignatureScheme.keywordsai.sign(bytes, with: secret)], body: bytes,
            receivedAt: Timestamp(seconds: 0))
        return try verifier.verify(request).events.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test(arguments: [
        (#" {"api_key": "sk-1", "cost" : 1.50 }  "#, #" {"api_key": "[removed]", "cost" : 1.50 }  "#),
        (#"{"a":[{"b":{"API_Key":{"x":["sk"]}}}],"c":1}"#, #"{"a":[{"b":{"API_Key":"[removed]"}}],"c":1}"#),
        (
            #"{"authorization":null,"Credential_Override":[1,2],"customer_credentials":{}}"#,
            #"{"authorization":"[removed]","Credential_Override":"[removed]","customer_credentials":"[removed]"}"#
        ),
        (#"{"api_key":"first","api_key":"second"}"#, #"{"api_key":"[removed]","api_key":"[removed]"}"#),
        (#"{"x":{"api_key":"hidden"},"x":1}"#, #"{"x":{"api_key":"[removed]"},"x":1}"#),
        (
            #"{"api\u005fkey":"sk","apiKey":"sk","x-api-key":"sk"}"#,
            #"{"api\u005fkey":"[removed]","apiKey":"[removed]","x-api-key":"[removed]"}"#
        ),
        (
            #"{"organization_key_id":"k","my_api_key_name":"n","api_key_":0.10}"#,
            #"{"organization_key_id":"k","my_api_key_name":"n","api_key_":"[removed]"}"#
        ),
        (
            #"{"input":"[{\"api_key\":\"sk-1\",\"t\":\"é\\n\"}]","d":"x"}"#,
            #"{"input":"[{\"api_key\":\"[removed]\",\"t\":\"é\\n\"}]","d":"x"}"#
        ),
        (
            #"{"input":" {\"a\":\"{\\\"authorization\\\": 1}\"}"}"#,
            #"{"input":" {\"a\":\"{\\\"authorization\\\": \\\"[removed]\\\"}\"}"}"#
        ),
        (
            #"{"input":"{\"api_key\":\"sk\",\"t\":\"\ud83d\"}"}"#,
            #"{"input":"{\"api_key\":\"[removed]\",\"t\":\"\\ud83d\"}"}"#
        ),
        (
            #"{"input":"{\"t\":\"\u00e9\"}","e":"{\"api_key\": cut"}"#,
            #"{"input":"{\"t\":\"\u00e9\"}","e":"{\"api_key\": cut"}"#
        ),
    ])
    func credentialsAreReplacedAndNothingElse(body: String, expected: String) throws {
        #expect(try stored(body) == [expected])
    }

    @Test func eventsOfAnArrayAreCleanedApart() throws {
        let body = #"[ {"id":1,"api_key":"a"} , {"id":2} ]"#
        #expect(try stored(body) == [#"{"id":1,"api_key":"[removed]"}"#, #"{"id":2}"#])
    }
}
