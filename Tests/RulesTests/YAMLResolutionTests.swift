import Rules
import Testing

/// The core schema of YAML 1.2.2 (§10.3.2), where it differs from YAML 1.1 above all.
@Suite struct YAMLResolutionTests {
    @Test(arguments: [
        // Null
        ("", YAMLScalar.Resolved.null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null),
        ("nULL", .text), ("\"\"", .text), ("'null'", .text),
        // Truth values; the words of YAML 1.1 are texts
        ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)), ("false", .bool(false)), ("tRUE", .text),
        ("yes", .text), ("Yes", .text), ("no", .text), ("NO", .text), ("on", .text), ("Off", .text), ("y", .text),
        ("n", .text), ("\"true\"", .text),
        // Whole numbers
        ("0", .int(0)), ("-0", .int(0)), ("+12", .int(12)), ("-19", .int(-19)), ("012", .text), ("-012", .text),
        ("0o14", .int(12)), ("0o8", .text), ("0xC", .int(12)), ("0xc", .int(12)), ("0x", .text), ("-0xC", .text),
        ("0b11", .text), ("1_000", .text), ("9223372036854775807", .int(.max)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("'12'", .text),
        // Other numbers
        ("0.5", .double(0.5)), (".5", .double(0.5)), ("5.", .double(5)), ("-1.5e-3", .double(-0.0015)),
        ("+12e03", .double(12_000)), ("1e400", .double(.infinity)), (".inf", .double(.infinity)),
        ("-.INF", .double(-.infinity)), (".", .text), ("-.", .text), ("1e", .text), ("1.2.3", .text), ("e5", .text),
        ("Infinity", .text), ("nan", .text),
        // What YAML 1.1 makes of colons and hyphens
        ("60:30", .text), ("1:20:30", .text), ("2026-01-01", .text), ("2026-01-01T00:00:00Z", .text),
        ("10.0.0.1", .text),
    ])
    func aScalarMeansWhatYAML12Says(written: String, meaning: YAMLScalar.Resolved) throws {
        let scalar = try #require(Composed("key: \(written)\n").scalar("key"))
        #expect(scalar.resolved == meaning)
    }

    @Test func notANumberIsANumber() throws {
        let scalar = try #require(Composed("key: .NaN\n").scalar("key"))
        guard case .double(let value) = scalar.resolved else {
            Issue.record("not a number at all")
            return
        }
        #expect(value.isNaN)
    }

    @Test func blocksAreTexts() throws {
        let composed = Composed("a: |\n  12\nb: >\n  true\n")
        #expect(composed.scalar("a")?.resolved == .text && composed.scalar("b")?.resolved == .text)
        #expect(composed.scalar("a")?.text == "12\n")
    }
}
