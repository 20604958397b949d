/// Numbers as texts, exact and without Foundation.
enum NumberForm {
    /// Reads a decimal or hexadecimal number, `NaN` or `Infinity` in any case, with white space around it, as Google's
    /// implementation does.
    static func double(_ text: String) -> Double? {
        let trimmed = trimmed(text)
        let unsigned = trimmed.drop { $0 == "-" || $0 == "+" }
        guard trimmed.utf8.count - unsigned.utf8.count <= 1 else { return nil }
        switch unsigned.lowercased() {
        case "nan": return .nan
        case "inf", "infinity": return trimmed.first == "-" ? -.infinity : .infinity
        default: break
        }
        let isPlain = unsigned.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
                || [0x2B, 0x2D, 0x2E, 0x50, 0x58, 0x70, 0x78].contains(byte)
        }
        return isPlain ? Double(trimmed) : nil
    }

    /// Reads a whole number, with a sign and white space around it, as Google's implementation does.
    static func whole<I: FixedWidthInteger>(_ text: String) -> I? {
        I(trimmed(text))
    }

    /// A text without the ASCII white space at its ends.
    private static func trimmed(_ text: String) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// What `string()` gives, the same in Google's implementations: the shortest digits, with an exponent of at least
    /// two digits where it is below -4 or above 5.
    static func general(_ number: Double) -> String {
        if number.isNaN { return number.sign == .minus ? "-nan" : "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        let magnitude = number.magnitude
        guard magnitude != 0, magnitude < 1e-4 || magnitude >= 1e6 else { return shortest(number) }
        let description = magnitude.description.split(separator: "e")
        let written = description[0].split(separator: ".")
        var digits = Array(written.joined().utf8).drop { $0 == 0x30 }
        while digits.last == 0x30 { digits.removeLast() }
        var exponent = description.count > 1 ? Int(description[1]) ?? 0 : 0
        if written[0] == "0" {
            exponent -= 1 + (written.count > 1 ? written[1].prefix { $0 == "0" }.count : 0)
        } else {
            exponent += written[0].count - 1
        }
        let fraction = String(decoding: digits.dropFirst(), as: UTF8.self)
        let mantissa = String(decoding: digits.prefix(1), as: UTF8.self) + (fraction.isEmpty ? "" : "." + fraction)
        return (number < 0 ? "-" : "") + mantissa + exponentText(exponent)
    }

    /// `e+06`: a sign and at least two digits.
    private static func exponentText(_ exponent: Int) -> String {
        let magnitude = String(exponent.magnitude)
        return (exponent < 0 ? "e-" : "e+") + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
    }

    /// The shortest digits that stand for exactly this double, without `.0`: `1`, `0.5`, `6.02214e+23`.
    static func shortest(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `number` with exactly `digits` digits after the point, rounded to even from its exact value.
    static func fixed(_ number: Double, digits: Int) -> String {
        let (whole, fraction) = DecimalDigits(number.magnitude).rounded(fractionDigits: digits)
        let sign = number.sign == .minus ? "-" : ""
        return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// `number` as `d.ddde±dd` with exactly `digits` digits after the point.
    static func scientific(_ number: Double, digits: Int) -> String {
        let sign = number.sign == .minus ? "-" : ""
        let (mantissa, exponent) = DecimalDigits(number.magnitude).scientific(fractionDigits: digits)
        return sign + mantissa + exponentText(exponent)
    }
}

/// All decimal digits of a finite double that is not negative: every double is a finite decimal number.
private struct DecimalDigits {
    /// The digits without leading zeros (but for zero itself), most significant first.
    private var digits: [UInt8]
    /// How many of the digits stand before the point; negative for zeros behind the point.
    private var pointPosition: Int

    init(_ number: Double) {
        let significand = number.isZero ? 0 : UInt64(number.significandBitPattern)
        let hidden: UInt64 = number.isNormal ? 1 << 52 : 0
        let exponent = number.isZero ? 0 : (number.isNormal ? Int(number.exponent) : -1_022) - 52
        var limbs = BigDecimalLimbs(significand | hidden)
        if exponent >= 0 {
            limbs.multiply(by: 2, times: exponent)
            digits = limbs.digits
            pointPosition = digits.count
        } else {
            // m / 2^k = m · 5^k / 10^k
            limbs.multiply(by: 5, times: -exponent)
            digits = limbs.digits
            pointPosition = digits.count + exponent
        }
    }

    /// The digits before and behind the point after rounding half to even.
    func rounded(fractionDigits: Int) -> (whole: String, fraction: String) {
        let kept = rounded(toCount: pointPosition + fractionDigits)
        let padded = [UInt8](repeating: 0, count: max(0, fractionDigits + 1 - kept.digits.count)) + kept.digits
        let split = padded.count - fractionDigits
        return (Self.text(padded[..<split]), Self.text(padded[split...]))
    }

    /// One digit, a point and `fractionDigits` more, with the exponent.
    func scientific(fractionDigits: Int) -> (mantissa: String, exponent: Int) {
        let isZero = digits.allSatisfy { $0 == 0 }
        var kept = rounded(toCount: fractionDigits + 1).digits
        var exponent = isZero ? 0 : pointPosition - 1
        if kept.count > fractionDigits + 1 {
            kept.removeLast()
            exponent += 1
        }
        kept += [UInt8](repeating: 0, count: max(0, fractionDigits + 1 - kept.count))
        let fraction = Self.text(kept[1...])
        return (Self.text(kept[..<1]) + (fraction.isEmpty ? "" : "." + fraction), exponent)
    }

    /// The first `count` digits, zeros added where there are fewer, rounded half to even; one digit more when the
    /// rounding carries over the front.
    private func rounded(toCount count: Int) -> (digits: [UInt8], carried: Bool) {
        guard count >= 0 else { return ([], false) }
        guard count < digits.count else {
            return (digits + [UInt8](repeating: 0, count: count - digits.count), false)
        }
        var kept = Array(digits[..<count])
        let rest = digits[count...]
        let isTie = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        let isUp = isTie ? (kept.last ?? 0) % 2 == 1 : rest.first.map { $0 >= 5 } ?? false
        guard isUp else { return (kept, false) }
        var index = count - 1
        while index >= 0, kept[index] == 9 {
            kept[index] = 0
            index -= 1
        }
        guard index < 0 else {
            kept[index] += 1
            return (kept, false)
        }
        return ([1] + kept, true)
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String {
        String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    }
}

/// A large whole number in limbs of nine decimal digits, least significant first: enough to print a double.
private struct BigDecimalLimbs {
    private var limbs: [UInt32] = []

    init(_ number: UInt64) {
        var rest = number
        repeat {
            limbs.append(UInt32(rest % 1_000_000_000))
            rest /= 1_000_000_000
        } while rest > 0
    }

    /// Multiplies by a small factor, `times` times over.
    mutating func multiply(by factor: UInt64, times: Int) {
        for _ in 0..<times {
            var carry: UInt64 = 0
            for index in limbs.indices {
                let product = UInt64(limbs[index]) * factor + carry
                limbs[index] = UInt32(product % 1_000_000_000)
                carry = product / 1_000_000_000
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
    }

    /// The decimal digits, most significant first, without leading zeros but for zero itself.
    var digits: [UInt8] {
        var result: [UInt8] = []
        for limb in limbs {
            var rest = limb
            for _ in 0..<9 {
                result.append(UInt8(rest % 10))
                rest /= 10
            }
        }
        while result.count > 1, result.last == 0 { result.removeLast() }
        return result.reversed()
    }
}
