/// Telephone numbers in texts from events, written so that no phone makes a link of them: `+1·800·555·0199`.
enum PhoneNumber {
    /// The fewest digits that make a number.
    private static let digitsMin = 7
    /// The most signs between two digits of one number, as in `) - `.
    private static let gapMax = 3

    /// `text` with a middle dot for every space, dot and hyphen inside what looks like a telephone number. A run of
    /// digits alone, a single decimal fraction, a date and a UUID stay as they are.
    static func defanged(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if let end = exemptEnd(in: scalars, at: index) {
                result.append(contentsOf: scalars[index..<end])
                index = end
                continue
            }
            guard isDigit(scalars[index]) else {
                result.append(scalars[index])
                index += 1
                continue
            }
            let end = runEnd(in: scalars, from: index)
            let hasPlus = index > 0 && (scalars[index - 1] == "+" || scalars[index - 1] == "\u{FF0B}")
            let run = scalars[index..<end]
            result.append(contentsOf: isNumber(run, hasPlus: hasPlus) ? broken(run) : Array(run))
            index = end
        }
        return String(result)
    }

    /// The end of the digits, and of what may stand between them, that begin at `start`; it ends with a digit.
    private static func runEnd(in scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start + 1
        var next = end
        while next < scalars.count, next - end <= gapMax {
            if isDigit(scalars[next]) {
                if next > end, exemptEnd(in: scalars, at: next) != nil { break }
                end = next + 1
            } else if !isGap(scalars[next]) {
                break
            }
            next += 1
        }
        return end
    }

    private static func isNumber(_ run: ArraySlice<Unicode.Scalar>, hasPlus: Bool) -> Bool {
        guard run.count(where: isDigit) >= digitsMin else { return false }
        let gaps = run.filter { !isDigit($0) }
        return hasPlus || !(gaps.isEmpty || gaps == ["."])
    }

    /// The run with middle dots, also within groups that are long enough to be a number of their own.
    private static func broken(_ run: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        for part in run.split(whereSeparator: { !isDigit($0) }) {
            if !result.isEmpty {
                let gap = run[lastEnd(before: part, in: run)..<part.startIndex]
                result += gap.filter { $0 == ")" } + ["·"] + gap.filter { $0 == "(" }
            }
            for (offset, digit) in part.enumerated() {
                if part.count >= digitsMin, offset > 0, offset % 4 == 0 { result.append("·") }
                result.append(digit)
            }
        }
        return result
    }

    /// Where the digits before `part` end.
    private static func lastEnd(
        before part: ArraySlice<Unicode.Scalar>, in run: ArraySlice<Unicode.Scalar>
    ) -> Int {
        var end = part.startIndex
        while end > run.startIndex, !isDigit(run[end - 1]) { end -= 1 }
        return end
    }

    // MARK: What is no number

    /// The end of the date (`2026-11-19`) or the UUID that begins here, behind no letter or digit.
    private static func exemptEnd(in scalars: [Unicode.Scalar], at index: Int) -> Int? {
        if index > 0, isHexadecimal(scalars[index - 1]) { return nil }
        if let end = end(of: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", in: scalars, at: index) { return end }
        guard let end = end(of: "2000-10-30", in: scalars, at: index) else { return nil }
        let century = (scalars[index], scalars[index + 1])
        return century == ("2", "0") || century == ("1", "9") ? end : nil
    }

    /// The end of a text of this form: `x` is a hexadecimal digit, `0` any digit, another digit one that is not above
    /// it, and a hyphen is itself.
    private static func end(of form: StaticString, in scalars: [Unicode.Scalar], at index: Int) -> Int? {
        let end = index + form.utf8CodeUnitCount
        guard end <= scalars.count, end == scalars.count || !isHexadecimal(scalars[end]) else { return nil }
        for offset in 0..<form.utf8CodeUnitCount {
            let scalar = scalars[index + offset]
            let isFitting =
                switch form.utf8Start[offset] {
                case UInt8(ascii: "x"): isHexadecimal(scalar)
                case UInt8(ascii: "-"): scalar == "-"
                case UInt8(ascii: "0"): isDigit(scalar)
                case let highest: isDigit(scalar) && scalar.value <= highest
                }
            guard isFitting else { return nil }
        }
        return end
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isHexadecimal(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
    }

    private static func isGap(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", ".", "-", "(", ")", "\u{2010}"..."\u{2015}", "\u{2212}": true
        default: false
        }
    }
}
