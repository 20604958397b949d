/// What the matches of a rule are called in its mails: `failed calls` where the condition says that much, else
/// `matches`, or `events` for a rule that takes every one.
struct MatchNoun: Equatable {
    let one: String
    let many: String

    private init(_ one: String, _ many: String) {
        (self.one, self.many) = (one, many)
    }

    static let failedCalls = MatchNoun("failed call", "failed calls")
    static let matches = MatchNoun("match", "matches")
    static let events = MatchNoun("event", "events")
    /// What a summary holds besides matches: turns of alerts.
    static let notices = MatchNoun("notice", "notices")

    /// The noun for the matches of a condition as written. Only a form that leaves no doubt makes them failed calls:
    /// each part between `or` has, between `and`, `failed`, a name that begins so, or a status code of at least 400.
    init(condition: String?) {
        guard let condition else {
            self = .events
            return
        }
        let isFailed = Self.parts(of: condition, between: "or", "||").allSatisfy { part in
            Self.parts(of: part, between: "and", "&&").contains(where: Self.isFailure)
        }
        self = isFailed ? .failedCalls : .matches
    }

    /// `1 failed call`, `1,204 failed calls`.
    func counted(_ count: Int64) -> String { "\(FigureText.grouped(count)) \(count == 1 ? one : many)" }

    private static func parts(of text: String, between word: Substring, _ sign: Substring) -> [String] {
        text.split(whereSeparator: \.isWhitespace).split(omittingEmptySubsequences: false) { $0 == word || $0 == sign }
            .map { $0.joined(separator: " ") }
    }

    private static func isFailure(_ part: String) -> Bool {
        let words = part.split(separator: " ")
        if words.count == 1 {
            let isName = part.unicodeScalars.allSatisfy { scalar in
                scalar == "_" || ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            }
            return isName && part.utf8.starts(with: "failed".utf8)
        }
        guard words.count == 3, words[0] == "status_code", let code = Int(words[2]) else { return false }
        switch words[1] {
        case ">=", "==": return code >= 400
        case ">": return code >= 399
        default: return false
        }
    }
}
