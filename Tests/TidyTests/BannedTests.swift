import Foundation
import Testing

/// Calls and words that have cost others dearly, each with what to use instead.
struct BannedTests {
    struct Ban: Sendable {
        let text: String
        let instead: String
        /// Path prefixes where it is allowed.
        var except: [String] = []
    }

    static let inSources: [Ban] = [
        Ban(text: "try!", instead: "a typed error"),
        Ban(text: "as!", instead: "a conditional cast and an error"),
        Ban(text: "fatalError(", instead: "an error; an impossible state is a `preconditionFailure` with its reason"),
        Ban(
            text: "print(", instead: "the Logger in libraries, `Terminal` in commands",
            except: ["Sources/hookmail/Terminal"]),
        Ban(text: "Date()", instead: "`now` as a parameter or the injected WallClock"),
        Ban(text: "ISO8601DateFormatter", instead: "Timestamp(rfc3339:) and .rfc3339"),
        Ban(text: "NSRegularExpression", instead: "RegularExpression (RE2): linear time"),
        Ban(text: "JSONSerialization", instead: "JSONValue: Foundation merges and loses keys"),
        Ban(text: "JSONDecoder", instead: "JSONValue: two parsers disagree about a signed body"),
        Ban(text: "Bundle.module", instead: ".embedInCode: Bundle.module bakes in the build path"),
        // Stopwatches of the transports: a stalled upload, the life of a token, the pause of a server and the pace of
        // mails are spans of this process, and tell no time.
        Ban(
            text: "ContinuousClock.now", instead: "the injected WallClock",
            except: [
                "Sources/Transports/SMTPTransfer.swift", "Sources/Transports/AccessTokens.swift",
                "Sources/Transports/FailoverTransport.swift", "Sources/Transports/SendPacer.swift",
            ]),
        Ban(text: "nonisolated(unsafe)", instead: "Mutex, or a ~Copyable owner"),
        Ban(text: "TODO", instead: "doing it"),
        Ban(text: "FIXME", instead: "fixing it"),
        Ban(text: "public ", instead: "package"),
    ]

    static let inTests: [Ban] = [
        Ban(text: ".enabled(if: false)", instead: "removing the test: a dead check is a bug"),
        Ban(text: ".disabled(", instead: "removing or mending the test"),
        Ban(text: "#expect(true)", instead: "an expectation that can fail"),
    ]

    @Test func noBannedCallInSources() {
        check(House.sources.filter { $0.path.hasSuffix(".swift") }, Self.inSources)
    }

    @Test func noDeadCheckInTests() {
        check(House.tests.filter { !$0.path.hasPrefix("Tests/TidyTests/") }, Self.inTests)
    }

    @Test func fileNamesAreNouns() {
        let vague = ["Utils", "Util", "Common", "Manager", "Helper", "Helpers", "Misc"]
        for file in House.sources + House.tests {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            for word in vague { #expect(!name.contains(word), "\(file.path): name the noun instead of \(word)") }
        }
    }

    @Test func uncheckedSendableSaysWhy() {
        for file in House.sources {
            for (index, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") {
                #expect(
                    line.contains("/*") || line.contains("//"), "\(file.path):\(index + 1): give the reason on the line"
                )
            }
        }
    }

    private func check(_ files: [House.File], _ bans: [Ban]) {
        for file in files {
            for (index, line) in file.lines.enumerated() {
                let code = line.drop { $0 == " " }
                guard !code.hasPrefix("//") else { continue }
                for ban in bans where contains(code, ban.text) {
                    guard !ban.except.contains(where: file.path.hasPrefix) else { continue }
                    Issue.record("\(file.path):\(index + 1): `\(ban.text)` is banned, use \(ban.instead)")
                }
            }
        }
    }

    /// Whether the text stands in the line as a word of its own: `sprint(` is not `print(`.
    private func contains(_ line: Substring, _ text: String) -> Bool {
        var rest = line
        while let range = rest.range(of: text) {
            let before = range.lowerBound == rest.startIndex ? nil : rest[rest.index(before: range.lowerBound)]
            if before.map({ !$0.isLetter && $0 != "\"" && $0 != "`" && $0 != "_" }) ?? true { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}
