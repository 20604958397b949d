/// Doubles as text and back, exactly as CPython's `float` and `repr` do it.
enum NumberText {
    /// Significant digits beyond which only "is anything left" can change a correctly rounded double.
    private static let digitsMax = 800

    /// The double nearest to a number token of JSON; beyond the range it is infinite, below it zero.
    static func double(_ token: UnsafeBufferPointer<UInt8>) -> Double {
        if let exact = exactDouble(token) { return exact }
        if token.count <= digitsMax { return Double(String(decoding: token, as: UTF8.self)) ?? .nan }
        return Double(String(decoding: shortened(token), as: UTF8.self)) ?? .nan
    }

    /// Appends Python's `repr`: shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on,
    /// always a fraction or an exponent.
    static func append(_ value: Double, to text: inout [UInt8]) {
        if value.isFinite {
            let magnitude = value.magnitude
            if magnitude > 0x1p53, magnitude < 1e16 {
                // Swift writes an exponent from 2^53 on. Doubles here are even integers of at most 16 digits, and no
                // shorter text reads back as the same, so the integer's digits are the shortest.
                text += Array(String(Int64(value)).utf8) + [UInt8(ascii: "."), UInt8(ascii: "0")]
            } else {
                text += value.description.utf8
            }
        } else if value.isNaN {
            text += Array("NaN".utf8)
        } else {
            text += Array((value < 0 ? "-Infinity" : "Infinity").utf8)
        }
    }

    /// Whether a number token with a fraction or an exponent is what `append` writes for its double.
    static func isShortest(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        if isPlainlyShortest(token) { return true }
        guard token.count <= shortestBytesMax else { return false }
        var text: [UInt8] = []
        text.reserveCapacity(shortestBytesMax)
        append(double(token), to: &text)
        return text.elementsEqual(token)
    }

    /// The bytes of the longest text that `append` writes: 17 digits, a sign, a point and an exponent.
    private static let shortestBytesMax = 24

    /// Tells what needs no reckoning: of at most 15 digits no two texts read back as the same double, so one that is
    /// written like Python's is Python's.
    private static func isPlainlyShortest(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        guard token.count <= 18, let last = token.last else { return false }
        let first = token[0] == UInt8(ascii: "-") ? 1 : 0
        var digits = 0
        var zeros = 0
        var point: Int?
        for index in first..<token.count {
            let byte = token[index]
            guard byte.isDigit else {
                guard byte == UInt8(ascii: ".") else { return false }
                point = index
                continue
            }
            if digits > 0 || byte != 0x30 { digits += 1 } else if point != nil { zeros += 1 }
        }
        guard let point, digits <= 15 else { return false }
        // A fraction is there to end in something, unless it is what makes a double of a whole number.
        guard last != 0x30 || token.count == point + 2 else { return false }
        // Below 1e-4 there is an exponent.
        return digits == 0 || zeros <= 3 || token[first] != 0x30
    }

    /// The value of a token of at most 15 digits and a small power of ten: both are exact doubles, so one operation
    /// rounds once and rightly (Clinger 1990). `nil` for every other token.
    private static func exactDouble(_ token: UnsafeBufferPointer<UInt8>) -> Double? {
        guard token.count <= 18 else { return nil }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var isFraction = false
        var index = 0
        let isNegative = token[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        while index < token.count {
            let byte = token[index]
            if byte.isDigit {
                mantissa = mantissa * 10 + UInt64(byte - 0x30)
                digits += mantissa == 0 ? 0 : 1
                if isFraction { exponent -= 1 }
            } else if byte == UInt8(ascii: ".") {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        if index < token.count {
            guard let written = smallExponent(token[(index + 1)...]) else { return nil }
            exponent += written
        }
        guard digits <= 15, -22...22 ~= exponent else { return nil }
        let scale = powersOfTen[abs(exponent)]
        let value = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
        return isNegative ? -value : value
    }

    private static func smallExponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var digits = text
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        guard digits.count <= 3 else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// A token of the same double with at most `digitsMax` digits: a last digit 1 stands for whatever was cut, since a
    /// double and the middle between two have fewer significant digits than that.
    private static func shortened(_ token: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        var isCut = false
        var index = token[0] == UInt8(ascii: "-") ? 1 : 0
        while index < token.count, token[index] | 0x20 != UInt8(ascii: "e") {
            let byte = token[index]
            index += 1
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if digits.count < digitsMax {
                if !digits.isEmpty || byte != 0x30 { digits.append(byte) }
                exponent -= isFraction ? 1 : 0
            } else {
                isCut = isCut || byte != 0x30
                exponent += isFraction ? 0 : 1
            }
        }
        if isCut { (digits, exponent) = (digits + [0x31], exponent - 1) }
        exponent += index < token.count ? writtenExponent(token[(index + 1)...]) : 0
        let sign = token[0] == UInt8(ascii: "-") ? [UInt8(ascii: "-")] : []
        return sign + (digits.isEmpty ? [0x30] : digits) + [UInt8(ascii: "e")] + Array(String(exponent).utf8)
    }

    /// An exponent of any length, held within ±10^12: no text is long enough to bring that back into range.
    private static func writtenExponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var digits = text
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        var value = 0
        for digit in digits { value = min(value * 10 + Int(digit - 0x30), 1_000_000_000_000) }
        return isNegative ? -value : value
    }
}
