/// The "did you mean" of every message about an unknown name.
package enum Suggestion {
    /// Names longer than this are not compared: the work is quadratic, and nobody mistypes them by two letters.
    private static let nameScalarsMax = 64

    /// The known name nearest to `name`: at most two single-letter slips away (one for names of up to four letters,
    /// none for a single letter), where a slip is a letter too much, too few, wrong, or swapped with its neighbour
    /// (Damerau–Levenshtein distance, restricted form). Upper and lower case ASCII letters count as equal. Of equally
    /// near names the one that comes first wins.
    package static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let wanted = folded(name)
        guard !wanted.isEmpty, wanted.count <= nameScalarsMax else { return nil }
        let distanceMax = wanted.count == 1 ? 0 : wanted.count <= 4 ? 1 : 2
        var best: (name: String, distance: Int)?
        for candidate in known {
            let other = folded(candidate)
            guard abs(other.count - wanted.count) <= distanceMax, other.count <= nameScalarsMax else { continue }
            let distance = distance(from: wanted, to: other)
            if distance <= distanceMax, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The scalar values of `text` with ASCII letters in lower case.
    private static func folded(_ text: String) -> [UInt32] {
        text.unicodeScalars.map { (0x41...0x5A).contains($0.value) ? $0.value + 0x20 : $0.value }
    }

    private static func distance(from source: [UInt32], to target: [UInt32]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: target.count + 1)
        var previous = Array(0...target.count)
        for row in 0..<source.count {
            var current = [row + 1] + [Int](repeating: 0, count: target.count)
            for column in 0..<target.count {
                let substitution = previous[column] + (source[row] == target[column] ? 0 : 1)
                current[column + 1] = min(substitution, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
                    current[column + 1] = min(current[column + 1], beforePrevious[column - 1] + 1)
                }
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[target.count]
    }
}
