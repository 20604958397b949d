/// The colours of results: none where they would be in the way.
struct Palette {
    /// What a colour says.
    enum Ink: String {
        case good = "32"
        case bad = "1;31"
        case notice = "33"
        case faint = "2"
        case strong = "1"
    }

    let isColoured: Bool

    /// The text in a colour, or as it is.
    func paint(_ text: String, _ ink: Ink) -> String {
        isColoured ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
    }
}
