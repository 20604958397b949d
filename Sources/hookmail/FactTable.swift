import Bridge
import Events
import Store

/// Lines of text for people: facts and tables in columns. Everything from an event is made harmless for a terminal.
enum FactTable {
    /// A fact's value in one line, or `nil` when it is absent.
    static func text(_ value: FactValue) -> String? {
        switch value {
        case .absent: nil
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): plain(text)
        case .timestamp(let time): time.rfc3339
        case .json(let json): plain(json.text)
        }
    }

    /// A time for a list: UTC to the second.
    static func time(_ time: Timestamp) -> String {
        let parts = time.rfc3339.split(separator: "T")
        return String(parts.joined(separator: " ").prefix(19))
    }

    /// Control characters, which could move the cursor or recolour the terminal, become spaces; long texts are cut.
    static func plain(_ text: String, scalarsMax: Int = 200) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(scalarsMax) {
            result.append(steers(scalar.value) ? " " : scalar)
        }
        return String(result) + (text.unicodeScalars.count > scalarsMax ? "…" : "")
    }

    /// Control characters, line and paragraph separators, marks of direction and of no width.
    private static func steers(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x09, 0x0A..<0x20, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// Rows as columns, each as wide as its widest cell.
    static func columns(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].unicodeScalars.count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                let padding = isLast ? 0 : widths[column] - cell.unicodeScalars.count + 2
                line += cell + String(repeating: " ", count: padding)
            }
            return line
        }
    }
}
