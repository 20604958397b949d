/// Text in which nothing looks like a link to a mail program: `hxxps://evil[.]example`, `a[at]b[.]c`. It stays
/// readable, and whoever means it can undo it by hand.
enum Defanged {
    private typealias Scalars = ArraySlice<Unicode.Scalar>

    /// `scalars` with every run that a linkifier could take for an address made harmless.
    static func text(_ scalars: [Unicode.Scalar]) -> String {
        var result = String.UnicodeScalarView()
        var runStart = scalars.startIndex
        for (offset, scalar) in scalars.enumerated() where isBreak(scalar) {
            append(scalars[runStart..<offset], to: &result)
            result.append(scalar)
            runStart = offset + 1
        }
        append(scalars[runStart...], to: &result)
        return String(result)
    }

    /// Spaces, quotes and brackets: no link reaches across them.
    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\n", "\"", "'", "`", "<", ">", "(", ")", "[", "]", "{", "}", "|", ",", ";": true
        default: false
        }
    }

    private static func append(_ run: Scalars, to result: inout String.UnicodeScalarView) {
        let hasHost = hasScheme(run) || hasDomain(run) || isNetworkAddress(run)
        var offset = run.startIndex
        if run.starts(with: ["\\", "\\"]), run.count > 2 {
            result.append(contentsOf: "[\\\\]".unicodeScalars)
            offset += 2
        }
        while offset < run.endIndex {
            let scalar = run[offset]
            let next = offset + 1 < run.endIndex ? run[offset + 1] : nil
            if isAtSign(scalar), offset > run.startIndex {
                result.append(contentsOf: "[at]".unicodeScalars)
            } else if isDot(scalar, at: offset, in: run), hasHost, offset > run.startIndex,
                next.map(isLabel) ?? false || beginsWithWWW(run[(offset - min(3, offset - run.startIndex))...offset])
            {
                result.append(contentsOf: "[.]".unicodeScalars)
            } else if scalar == ":", let scheme = schemeEnding(at: offset, in: run) {
                rename(scheme, in: &result)
            } else {
                result.append(scalar)
            }
            offset += 1
        }
    }

    // MARK: Schemes

    /// Schemes without `//` that clients make links of.
    private static let bareSchemes: Set<String> = [
        "mailto", "tel", "sms", "smsto", "callto", "skype", "sip", "sips", "xmpp", "javascript", "vbscript", "data",
        "news", "magnet", "bitcoin", "geo", "webcal", "facetime", "whatsapp", "cid", "mid", "about", "blob", "urn",
        "im",
        "file", "http", "https", "ftp",
    ]

    private static func hasScheme(_ run: Scalars) -> Bool {
        run.indices.contains { run[$0] == ":" && schemeEnding(at: $0, in: run) != nil } || beginsWithWWW(run)
    }

    /// The scheme that ends before the colon at `offset`, in lower case, when the colon makes a link.
    private static func schemeEnding(at offset: Int, in run: Scalars) -> String? {
        let letters = run[..<offset].reversed().prefix(20).prefix { $0.isASCII && isLetter($0) }
        let name = lowercased(Array(letters.reversed()))
        if run[(offset + 1)...].starts(with: ["/", "/"]) { return name }
        // At the end of a word most of them are just words (`data:`), but a cut may have parted these from their host.
        guard offset + 1 < run.endIndex || ["http", "https", "ftp", "mailto", "tel", "javascript"].contains(name) else {
            return nil
        }
        return bareSchemes.contains(name) ? name : nil
    }

    /// `http:` → `hxxp:`, `ftp:` → `fxp:`, any other `x:` → `x[:]`. The scheme's letters were written already.
    private static func rename(_ scheme: String, in result: inout String.UnicodeScalarView) {
        func replace(with name: String) {
            result.removeLast(scheme.unicodeScalars.count)
            result.append(contentsOf: name.unicodeScalars)
        }
        switch scheme {
        case "http": replace(with: "hxxp:")
        case "https": replace(with: "hxxps:")
        case "ftp": replace(with: "fxp:")
        default: result.append(contentsOf: "[:]".unicodeScalars)
        }
    }

    private static func beginsWithWWW(_ run: Scalars) -> Bool {
        var matched = 0
        for scalar in run {
            if matched == 3 { if scalar == "." { return true } }
            matched = scalar == "w" || scalar == "W" ? matched + 1 : 0
        }
        return false
    }

    // MARK: Hosts

    /// Whether a dot stands between a label and at least two letters: only those can be a top-level domain.
    private static func hasDomain(_ run: Scalars) -> Bool {
        run.indices.contains { offset in
            guard isDot(run[offset], at: offset, in: run), offset > run.startIndex, isLabel(run[offset - 1]) else {
                return false
            }
            let after = run[(offset + 1)...].prefix(2)
            return after.count == 2 && after.allSatisfy(isLetter)
        }
    }

    /// Four groups of digits.
    private static func isNetworkAddress(_ run: Scalars) -> Bool {
        var groups = 0
        var digits = 0
        for scalar in run {
            if isDigit(scalar) {
                digits += 1
                if digits == 1 { groups += 1 }
                if groups >= 4 { return true }
            } else {
                if scalar != "." || digits == 0 { groups = 0 }
                digits = 0
            }
        }
        return false
    }

    /// A full stop, or a sign that domain names take for one (UTS 46) where it cannot be the end of a sentence.
    private static func isDot(_ scalar: Unicode.Scalar, at offset: Int, in run: Scalars) -> Bool {
        switch scalar {
        case ".", "\u{FF0E}", "\u{FF61}", "\u{2024}": return true
        case "\u{3002}":
            guard offset > run.startIndex, offset + 1 < run.endIndex else { return false }
            return run[offset - 1].isASCII && run[offset + 1].isASCII
        default: return false
        }
    }

    private static func isAtSign(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "@" || scalar == "\u{FF20}" || scalar == "\u{FE6B}"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar.value >= 0x80
    }

    private static func isLabel(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || isDigit(scalar) || scalar == "-" || scalar == "_"
    }

    private static func lowercased(_ scalars: [Unicode.Scalar]) -> String {
        String(String.UnicodeScalarView(scalars)).lowercased()
    }
}
