/// Text laid out for a fixed-width screen.
enum TextColumn {
    /// The widest line of a mail's text part, in columns.
    static let columnsMax = 78

    /// `text` in lines of at most `columns`, broken at spaces, or within a word that is longer than a line.
    static func wrapped(_ text: String, columns: Int) -> [String] {
        let limit = max(columns, 8)
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var width = 0
        for word in text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false) {
            let wordWidth = word.reduce(0) { $0 + self.width(of: $1) }
            if !line.isEmpty || width > 0 {
                if width + 1 + wordWidth <= limit {
                    line.append(" ")
                    width += 1
                } else {
                    lines.append(String(line))
                    (line, width) = (String.UnicodeScalarView(), 0)
                }
            }
            for index in word.indices {
                let scalarWidth = self.width(of: word[index])
                if width + scalarWidth > limit {
                    let moved = lettersKept(of: line, with: word[index...])
                    line.removeLast(moved.count)
                    lines.append(String(line))
                    (line, width) = (String.UnicodeScalarView(moved), moved.count)
                }
                line.append(word[index])
                width += scalarWidth
            }
        }
        lines.append(String(line))
        return lines
    }

    /// The most letters before a colon that are kept together: more than any scheme has.
    private static let schemeLettersMax = 20

    /// The letters at the end of a full line that go to the next one with `rest`, because they end in a colon there:
    /// parted, `clickedtel:` would begin a line with `tel:`, and `hxxp://` with `xp://`, which mail programs make links
    /// of.
    private static func lettersKept(
        of line: String.UnicodeScalarView, with rest: Substring.UnicodeScalarView
    ) -> [Unicode.Scalar] {
        let begun = rest.prefix(schemeLettersMax + 1).drop(while: isLetter)
        guard begun.first == ":", begun.startIndex > rest.startIndex else { return [] }
        let letters = line.suffix(schemeLettersMax).reversed().prefix(while: isLetter)
        return letters.count < line.count ? letters.reversed() : []
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && scalar.properties.isAlphabetic
    }

    /// `text` wrapped to what is left of the line beside an indent, the lines after the first one indented.
    static func hanging(_ text: String, indent: Int) -> String {
        wrapped(text, columns: columnsMax - indent).joined(separator: "\n" + String(repeating: " ", count: indent))
    }

    /// `text` filled up with spaces to `columns`.
    static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(of: text)))
    }

    /// `text` cut where it is wider than `columns`, with a sign that it was.
    static func cut(_ text: String, columns: Int) -> String {
        guard width(of: text) > columns else { return text }
        var kept = String.UnicodeScalarView()
        var used = 1
        for scalar in text.unicodeScalars {
            used += width(of: scalar)
            guard used <= columns else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// 0 for what stands on the character before it, 2 for East Asian wide signs and emoji, else 1.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
