import Bridge
import Events
import Logging
import TestSupport
import Testing

/// What a line of the log looks like, and what no value can make it look like.
struct LogLineTests {
    static let time = Timestamp(seconds: 1_800_000_000)

    @Test func logfmtReadsLikeASentenceWithFields() {
        #expect(
            Self.line("mail accepted", ["mail": .stringConvertible(7), "rule": "failed calls", "class": "ok"], .logfmt)
                == #"time=2027-01-15T08:00:00Z level=info message="mail accepted" class=ok mail=7 rule="failed calls""#
                + "\n")
    }

    @Test func jsonIsOneObjectWithNumbersAsNumbers() throws {
        let text = Self.line(
            "listening",
            ["port": .stringConvertible(8000), "host": "::1", "tls": .dictionary(["version": "1.3"])], .json)
        #expect(
            text == #"{"time":"2027-01-15T08:00:00Z","level":"info","message":"listening","host":"::1","port":8000,"#
                + #""tls.version":"1.3"}"# + "\n")
    }

    @Test(arguments: [
        ("a\nb", #""a\nb""#), ("a\r\nlevel=error", #""a\r\nlevel=error""#), (#"say "no""#, #""say \"no\"""#),
        (#"a\b"#, #""a\\b""#), ("a=b", #""a=b""#), ("", #""""#), ("\u{1B}[31mred", #""\u001b[31mred""#),
        ("a\u{2028}b\u{85}c", #""a\u2028b\u0085c""#), ("\u{202E}evil", #""\u202eevil""#),
        ("\u{E0041}", #""\udb40\udc41""#), ("Zürich", #""Zürich""#), ("\u{0}", #""\u0000""#),
    ])
    func noValueForgesALineOrAField(value: String, quoted: String) throws {
        let logfmt = Self.line("m", ["key": .string(value)], .logfmt)
        #expect(logfmt.hasSuffix(" key=\(quoted)\n"))
        #expect(logfmt.utf8.count { $0 == 10 } == 1)
        let json = Self.line("m", ["key": .string(value)], .json)
        #expect(json.utf8.count { $0 == 10 } == 1)
        guard case .object(let object) = try JSONValue.decode(Array(json.utf8)) else {
            Issue.record("no object: \(json)")
            return
        }
        #expect(object["key"] == .string(value))
    }

    @Test func keysAreCleanedAndCannotPoseAsTheLinesOwn() {
        let line = Self.line("m", ["level": "error", "a b=c\n": "x", "": "y"], .logfmt)
        #expect(line == "time=2027-01-15T08:00:00Z level=info message=m _=y a_b_c_=x level_=error\n")
    }

    @Test func longValuesAreCutAndLinesStayBelowTheLimitOfAPipe() throws {
        let long = String(repeating: "ä", count: 100_000)
        var metadata: Logger.Metadata = [:]
        for number in 0..<100 { metadata["key\(number)"] = .string(long) }
        for format in LogFormat.allCases {
            let line = Self.line("m", metadata, format)
            #expect(line.utf8.count <= LogLine.bytesMax)
            #expect(line.contains("…"))
            #expect(line.contains("truncated"))
            if format == .json { _ = try JSONValue.decode(Array(line.utf8)) }
        }
    }

    @Test func randomTextsStayOneLineOfRightJSON() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("LogLineTests: seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...1_500, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x10FFFF), using: &random))
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            for format in LogFormat.allCases {
                let line = Self.line("m", ["key": .string(String(text))], format)
                #expect(line.unicodeScalars.count { $0.properties.generalCategory == .control } == 1)
                #expect(line.utf8.count <= LogLine.bytesMax)
                if format == .json { _ = try JSONValue.decode(Array(line.utf8)) }
            }
        }
    }

    @Test func theJournalIsToldThePriority() {
        let line = LogLine(time: Self.time, level: .error, message: "m", metadata: [:])
        #expect(String(decoding: line.bytes(as: .logfmt, hasPriority: true), as: UTF8.self).hasPrefix("<3>time="))
        #expect(String(decoding: line.bytes(as: .json, hasPriority: true), as: UTF8.self).hasPrefix("<3>{"))
    }

    private static func line(_ message: String, _ metadata: Logger.Metadata, _ format: LogFormat) -> String {
        let line = LogLine(time: time, level: .info, message: message, metadata: metadata)
        return String(decoding: line.bytes(as: format), as: UTF8.self)
    }
}
