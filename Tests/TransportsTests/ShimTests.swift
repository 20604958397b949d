import Foundation
import TestSupport
import Testing

/// curl's type checker looks at the shim; it works under gcc only.
@Suite(.enabled(if: TestProcess.find("gcc") != nil, "gcc is not installed"), .timeLimit(.minutes(5)))
struct ShimTests {
    private func check(_ source: String) throws -> (status: Int32, output: String) {
        let scratch = try ScratchFolder()
        let file = "\(scratch.path)/check.c"
        try source.write(toFile: file, atomically: true, encoding: .utf8)
        let gcc = try #require(TestProcess.find("gcc"))
        // curl's checks speak up only when code is made of a function, and from inside a system header: a look at the
        // syntax alone, functions left out because nobody calls them, or quiet system headers would each find nothing.
        let options = [
            "-S", "-O1", "-Wall", "-Wextra", "-Werror", "-Wsystem-headers", "-fkeep-inline-functions", "-o",
            "/dev/null",
        ]
        return try TestProcess.run(gcc, options + [file])
    }

    private var shim: String {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("Sources/CCurl/shim.h").path
    }

    @Test func everyOptionHasItsType() throws {
        let (status, output) = try check("#include \"\(shim)\"\n")
        #expect(status == 0, "\(output)")
    }

    /// The check itself is alive: a wrong type does not pass.
    @Test func wrongTypeIsFound() throws {
        let wrong = "static inline CURLcode wrong(CURL *h, long v) { return curl_easy_setopt(h, CURLOPT_URL, v); }"
        let (status, output) = try check("#include \"\(shim)\"\n\(wrong)\n")
        #expect(status != 0)
        #expect(output.contains("expects a string"), "\(output)")
    }
}
