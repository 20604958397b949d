/// Figures that a window measured.
extension FigureText {
    /// A plain number, with commas and at most two decimals from 1 on, six below: `1,234`, `4.25`, `0.0031`.
    static func number(_ number: Double) -> String {
        guard number.isFinite else { return "unknown" }
        let size = abs(number)
        guard size < 1e12 else { return String(number) }
        if let whole = Int64(exactly: number) { return grouped(whole) }
        let text = trimmed(decimal(size, digits: size >= 1 ? 2 : 6, digitsMin: 0))
        guard text != "0" else { return String(number) }
        return (number < 0 ? "-" : "") + text
    }

    /// US dollars without the cents where there are none: `$10`, `$12.40`, `$0.0007`.
    static func money(_ dollars: Double) -> String {
        guard let text = cost(dollars) else { return "$\(number(dollars))" }
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }

    /// A share of 1 as percent: `7.31%`, `5%`.
    static func percent(_ share: Double) -> String { "\(number((share * 10_000).rounded() / 100))%" }

    /// `1st`, `2nd`, `3rd`, `11th`.
    static func ordinal(_ number: Int) -> String {
        let ending: String
        switch (number % 10, number % 100) {
        case (_, 11...13): ending = "th"
        case (1, _): ending = "st"
        case (2, _): ending = "nd"
        case (3, _): ending = "rd"
        default: ending = "th"
        }
        return "\(number)\(ending)"
    }

    private static func trimmed(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }
}
