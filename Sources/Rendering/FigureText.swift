/// Figures as people read them, in English, without a locale.
package enum FigureText {
    /// US dollars: two decimals from a dollar on, up to four below, two significant digits below a cent. `$0.0007`,
    /// `$3.00`.
    package static func cost(_ dollars: Double) -> String? {
        guard dollars.isFinite, abs(dollars) < 1e12 else { return nil }
        let sign = dollars < 0 ? "-$" : "$"
        let amount = abs(dollars)
        if amount == 0 { return "$0.00" }
        if amount < 0.000_000_5 { return "under \(sign)0.000001" }
        if amount >= 1 { return sign + decimal(amount, digits: 2, digitsMin: 2) }
        if amount >= 0.01 { return sign + decimal(amount, digits: 4, digitsMin: 2) }
        var digits = 2
        var lead = amount
        while lead < 0.1, digits < 7 {
            lead *= 10
            digits += 1
        }
        return sign + decimal(amount, digits: min(digits, 7), digitsMin: 4)
    }

    /// A time in seconds: `142 ms`, `4.5 s`, `2 min 5 s`, `3 h 5 min`; `nil` for a negative one, which stands for
    /// unknown.
    package static func latency(_ seconds: Double) -> String? {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return nil }
        if seconds < 0.000_5 { return "0 ms" }
        if seconds < 0.999_5 { return "\(Int64((seconds * 1_000).rounded())) ms" }
        if seconds < 59.95 { return decimal(seconds, digits: 1, digitsMin: 1) + " s" }
        let whole = Int64(seconds.rounded())
        if whole < 3_600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        let minutes = whole / 60
        return minutes % 60 == 0 ? "\(grouped(minutes / 60)) h" : "\(grouped(minutes / 60)) h \(minutes % 60) min"
    }

    /// A whole number with commas: `1,234`.
    package static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// A non-negative number below 10^12 with `digits` decimals, of which zeros beyond `digitsMin` are left out.
    static func decimal(_ number: Double, digits: Int, digitsMin: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        guard number * Double(scale) < 9e18 else { return grouped(Int64(number)) }
        let scaled = Int64((number * Double(scale)).rounded())
        var fraction = Array(String(scaled % scale).utf8)
        fraction = [UInt8](repeating: UInt8(ascii: "0"), count: digits - fraction.count) + fraction
        while fraction.count > digitsMin, fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        return "\(grouped(scaled / scale)).\(String(decoding: fraction, as: UTF8.self))"
    }
}
