import Events
import TestSupport
import Testing

struct ErrorSignatureTests {
    @Test(arguments: [
        (
            "Rate limit reached for gpt-4o in organization org-9aB3kd83Jd02lsQm: Limit 30000, Used 29911.",
            "Rate limit reached for gpt-<n>o in organization <id>: Limit <n>, Used <n>."
        ),
        (
            "Request timed out after 30.5s (id 4f0ca907-6d26-4def-8101-1d101a8b8294)",
            "Request timed out after <n>s (id <id>)"
        ),
        ("see https://example.com/docs?x=1, or mail help@example.com.", "see <url>, or mail <email>."),
        ("Invalid value: 'temperature' must be <= 2", "Invalid value: \"…\" must be <= <n>"),
        ("The model `gpt-9` doesn't exist, isn't it?", "The model \"…\" doesn't exist, isn't it?"),
        ("  two\r\n\tlines \u{0} here ", "two lines here"),
        (#"{"error": {"message": "Overloaded (529)", "type": "overloaded_error"}}"#, "Overloaded (<n>)"),
        (#"{"detail":"retry in 12 s"}"#, "retry in <n> s"),
        (#"{"code": 7}"#, "{\"…\": <n>}"),
        ("hash deadbeefdeadbeef and 0x7ffe and e3b0c44298fc1c14", "hash <id> and <id> and <id>"),
        ("überlastet: 3 Versuche", "überlastet: <n> Versuche"),
        ("plain words only", "plain words only"),
    ])
    func whatDiffersIsTakenOut(text: String, signature: String) {
        #expect(ErrorSignature.of(text) == signature)
    }

    @Test func nothingIsNoSignature() {
        #expect(ErrorSignature.of("") == nil)
        #expect(ErrorSignature.of(" \n") == nil)
    }

    @Test func signatureIsShortAndWhole() {
        let text = String(repeating: "ü wort ", count: 500)
        let signature = ErrorSignature.of(text) ?? ""
        #expect(signature.utf8.count <= ErrorSignature.bytesMax && signature.utf8.count > 190)
        #expect(!signature.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test func anyTextHasAtMostOneSignature() {
        var generator = SeededRandom.announced(for: "anyTextHasAtMostOneSignature")
        let alphabet = Array("ab1- .:/@'\"`{}<>\nhtps_é🚀".unicodeScalars)
        for _ in 0..<2_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...80, using: &generator) {
                text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            let signature = ErrorSignature.of(String(text))
            #expect((signature?.utf8.count ?? 0) <= ErrorSignature.bytesMax)
        }
    }
}
