/// Keeping secrets that were written into the file by mistake out of messages.
extension SourceText {
    /// Parts of keys behind which a secret may stand.
    private static let secretWords = ["secret", "password", "passwd", "token", "api_key", "apikey"].map {
        Array($0.unicodeScalars)
    }

    /// The longest line that is looked through for secrets, in scalars. Every finding looks at its line, and a file of
    /// one line would be looked through again and again.
    private static let lineScalarsMax = 10_000

    /// Whether a line has a key that speaks of a secret and a value that is no reference to one (`{env: …}`,
    /// `{file: …}`). In doubt it does, and so does a line that is too long to look: a line not shown costs little.
    func mayHoldSecret(inLine number: Int) -> Bool {
        let line = scalars(ofLine: number)
        guard line.count <= Self.lineScalarsMax else { return true }
        guard let colon = line.firstIndex(of: ":") else { return false }
        for word in Self.secretWords {
            guard let end = Self.end(of: word, in: line) else { continue }
            guard let valueColon = Self.valueColon(behind: end, in: line) ?? (colon >= end ? colon : nil)
            else { continue }
            let value = line[(valueColon + 1)...].drop { $0 == " " || $0 == "\t" }
            guard let first = value.first, first != "#" else { continue }
            let isReference =
                Self.end(of: Array("env:".unicodeScalars), in: Array(value)) != nil
                || Self.end(of: Array("file:".unicodeScalars), in: Array(value)) != nil
            if !isReference { return true }
        }
        return false
    }

    /// The first colon that stands behind an index and not behind the key `until` of a reference: what follows that one
    /// is a day, as in `{file: ./old.secret, until: 2026-12-31}`.
    private static func valueColon(behind start: Int, in line: [Unicode.Scalar]) -> Int? {
        let until = Array("until".unicodeScalars)
        return line.indices[start...].first { index in
            guard line[index] == ":" else { return false }
            let key = line[start..<index].reversed().prefix { $0 != "," }
            guard key.count < index - start else { return true }
            return !key.reversed().filter { $0 != " " && $0 != "\t" }.elementsEqual(until)
        }
    }

    /// Where `word` ends in `line` at its first appearance, without case.
    private static func end(of word: [Unicode.Scalar], in line: [Unicode.Scalar]) -> Int? {
        guard line.count >= word.count else { return nil }
        for start in 0...(line.count - word.count) {
            let part = line[start..<(start + word.count)]
            if zip(part, word).allSatisfy({ $0 == $1 || $0.value + 0x20 == $1.value }) { return start + word.count }
        }
        return nil
    }
}
