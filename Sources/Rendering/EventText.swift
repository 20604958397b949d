/// Text that came with an event, made harmless for a mail: whoever calls the model writes it, so it may be a lure, a
/// forged header, or an attempt to hide.
///
/// Control characters become spaces, NUL is removed, characters without a shape of their own (zero-width, bidirectional
/// controls, tags) are spelled out as `[U+202E]`, addresses and telephone numbers are written so that no client makes a
/// link of them, and keys and tokens are removed.
package enum EventText {
    /// The most characters (Unicode scalars) of an error text that a mail shows.
    package static let blockScalarsMax = 500
    /// The most lines of an error text that a mail shows.
    package static let blockLinesMax = 20
    /// The most characters of a value in a table.
    package static let lineScalarsMax = 120
    /// The most characters of a value in a subject.
    package static let subjectScalarsMax = 40
    /// Accents that may be stacked on one letter.
    private static let marksMax = 3

    /// `text` as one line without links, at most `scalarsMax` characters of it; `nil` when nothing is left to see.
    package static func line(_ text: String, scalarsMax: Int = lineScalarsMax) -> String? {
        var scalars = cleaned(text, scalarsMax: scalarsMax, keepsLines: false)
        let isCut = scalars.isCut
        while scalars.kept.last == " " { scalars.kept.removeLast() }
        guard !scalars.kept.isEmpty else { return nil }
        // An id or a figure may look like a telephone number; where it is the whole text nobody is asked to call it.
        let shown = Defanged.text(scalars.kept)
        return (scalars.kept.allSatisfy(isOfIdentifier) ? shown : PhoneNumber.defanged(shown)) + (isCut ? "…" : "")
    }

    /// `text` as a part of a sentence of ours, at most `subjectScalarsMax` characters: in quotation marks, of which
    /// it has none itself, unless it is a plain name that cannot be taken for our own words.
    package static func phrase(_ text: String) -> String? {
        guard let line = line(text, scalarsMax: subjectScalarsMax) else { return nil }
        var scalars = String.UnicodeScalarView()
        for scalar in PhoneNumber.defanged(line).unicodeScalars {
            scalars.append(isQuotationMark(scalar) ? "'" : scalar)
        }
        return scalars.allSatisfy(isOfName) ? String(scalars) : "“\(String(scalars))”"
    }

    /// `text` as lines without links; at most `scalarsMax` characters and `linesMax` lines of it.
    package static func block(
        _ text: String, scalarsMax: Int = blockScalarsMax, linesMax: Int = blockLinesMax
    ) -> [String] {
        let scalars = cleaned(text, scalarsMax: scalarsMax, keepsLines: true)
        var lines: [String] = []
        var isCut = scalars.isCut
        for line in scalars.kept.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = line
            while line.last == " " { line.removeLast() }
            if line.isEmpty, lines.last?.isEmpty ?? true { continue }
            guard lines.count < linesMax else {
                isCut = true
                break
            }
            lines.append(PhoneNumber.defanged(Defanged.text(Array(line))))
        }
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        if isCut, !lines.isEmpty { lines[lines.count - 1] += " […]" }
        return lines
    }

    private static func cleaned(
        _ text: String, scalarsMax: Int, keepsLines: Bool
    ) -> (kept: [Unicode.Scalar], isCut: Bool) {
        // Looking at four times the wanted length bounds the work and leaves room for what is dropped or collapsed.
        let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalarsMax * 4 + 1)))
        let isLonger = head.utf8.count < text.utf8.count
        let scalars = Array(CredentialPattern.removed(from: head).unicodeScalars)
        var kept: [Unicode.Scalar] = []
        var marks = 0
        var offset = 0
        while offset < scalars.count {
            guard kept.count < scalarsMax else { return (kept, true) }
            let scalar = scalars[offset]
            defer { offset += 1 }
            if scalar.value == 0 { continue }
            if isLineEnd(scalar) {
                if scalar == "\r", offset + 1 < scalars.count, scalars[offset + 1] == "\n" { continue }
                append(keepsLines ? "\n" : " ", to: &kept)
                continue
            }
            if isSpace(scalar) {
                append(" ", to: &kept)
                continue
            }
            let isMark =
                scalar.properties.generalCategory == .nonspacingMark
                || scalar.properties.generalCategory == .enclosingMark
            marks = isMark ? marks + 1 : 0
            if isMark, marks > marksMax || kept.isEmpty { continue }
            guard isHidden(scalar, at: offset, in: scalars) else {
                kept.append(scalar)
                continue
            }
            var count = 1
            while offset + 1 < scalars.count, scalars[offset + 1] == scalar {
                count += 1
                offset += 1
            }
            kept += Array(spelled(scalar, count: count).unicodeScalars)
        }
        return (kept, isLonger)
    }

    /// Runs of spaces become one, and none stands at the beginning.
    private static func append(_ space: Unicode.Scalar, to kept: inout [Unicode.Scalar]) {
        guard let last = kept.last, space == "\n" || (last != " " && last != "\n") else { return }
        kept.append(space)
    }

    // MARK: Kinds of characters

    /// Whether a scalar can stand in a name that needs no quotation marks.
    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "/", ":", "@", "-": true
        default: false
        }
    }

    /// Whether a scalar can stand in an id, a time or a number, or around it.
    private static func isOfIdentifier(_ scalar: Unicode.Scalar) -> Bool { isOfName(scalar) || scalar == "\"" }

    /// Whether a scalar could be taken for the end of a quotation of ours.
    private static func isQuotationMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "“", "”", "„", "‟", "«", "»", "″", "‶", "❝", "❞", "〝", "〞", "〟", "＂": true
        default: false
        }
    }

    /// Whether a scalar has a shape that shows nothing, or stands for what is not there: the empty braille pattern, a
    /// note without a head, the object that a text came with, the blanks of hieroglyphs.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2800, 0x1D159, 0xFFFC, 0x13441, 0x13442: true
        default: false
        }
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { return true }
        return scalar.properties.generalCategory == .spaceSeparator
    }

    /// Whether a scalar shows nothing, or steers how others are shown. Joiners stay where scripts and emoji need them.
    private static func isHidden(_ scalar: Unicode.Scalar, at offset: Int, in scalars: [Unicode.Scalar]) -> Bool {
        guard scalar.value >= 0xA0 else { return false }
        if isBlank(scalar) { return true }
        let properties = scalar.properties
        guard properties.isDefaultIgnorableCodePoint || properties.isBidiControl else {
            return properties.generalCategory == .format && (0xFFF9...0xFFFB).contains(scalar.value)
        }
        let before = offset > 0 ? scalars[offset - 1].value : 0
        let after = offset + 1 < scalars.count ? scalars[offset + 1].value : 0
        switch scalar.value {
        case 0x200C, 0x200D: return before < 0x0600 || after < 0x0600 || before == after && before == scalar.value
        case 0xFE0E, 0xFE0F: return before < 0xA9 && !isKeycapBase(before)
        default: return true
        }
    }

    private static func isKeycapBase(_ value: UInt32) -> Bool {
        (0x30...0x39).contains(value) || value == 0x23 || value == 0x2A
    }

    private static func spelled(_ scalar: Unicode.Scalar, count: Int) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        return count > 1 ? "[\(name) ×\(count)]" : "[\(name)]"
    }
}
