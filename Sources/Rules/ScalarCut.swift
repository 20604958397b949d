/// Cuts texts of events for figures and mails.
enum ScalarCut {
    /// `text` with at most `scalarsMax` Unicode scalars, of which the last says where more stood.
    static func text(_ text: String, scalarsMax: Int) -> String {
        guard text.unicodeScalars.count > scalarsMax else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalarsMax - 1))) + "…"
    }
}
