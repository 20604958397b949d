import Events

/// What a rule's own `subject` came to, in pieces: the operator's words, and values that came with an event.
///
/// Where the operator's subject begins with such a value, and the rule's name is short, whoever calls the model would
/// write the first words that a list of mails shows. A value that is more than a name is therefore announced in our own
/// words, as many as it takes to bring it behind `headScalars`.
struct SubjectText {
    /// How much of a subject a list of mails shows on a phone, in characters.
    static let headScalars = 40
    /// What announces a value, from short to long: with the shortest prefix there is, `[low] x: `, the last one reaches
    /// to the end of the head.
    private static let announcements = [
        "event: ", "from the event: ", "text from the event: ", "text that came with the event: ",
    ]

    /// The most words of a value that is a name, one more where a digit is in it, and characters.
    private static let nameWordsMax = 3
    private static let nameScalarsMax = 32
    /// The same of several names side by side.
    private static let runWordsMax = 4
    private static let runScalarsMax = 48

    /// They stand around a value while a template is rendered. No text from an event has them: `EventText` makes
    /// control characters spaces.
    private static let begin: Unicode.Scalar = "\u{2}"
    private static let end: Unicode.Scalar = "\u{3}"

    /// The names of templates whose values came with an event, beside content.
    private static let names: Set<String> = [
        "model", "provider", "customer", "environment", "status", "prompt_name", "span_name", "workflow",
        "api_key_name", "log_type", "event_id", "event_type", "trace_id", "thread_id", "error_text", "group",
        "new_value",
    ]

    /// `value` as a template of a subject gets it under this name.
    static func marked(_ name: String, _ value: String) -> String {
        guard names.contains(name) else { return value }
        return marked(value)
    }

    /// A value that came with an event.
    static func marked(_ value: String) -> String {
        let scalars = value.unicodeScalars.filter { $0 != begin && $0 != end }
        return "\(begin)\(String(String.UnicodeScalarView(scalars)))\(end)"
    }

    /// The subject's words without their marks, announced where it is needed.
    ///
    /// - Parameters:
    ///   - rendered: What the template came to.
    ///   - prefix: How many characters stand before it.
    static func shown(_ rendered: String, behind prefix: Int) -> String {
        var plain = String.UnicodeScalarView()
        // Values with none of the operator's words between them, which read as one text.
        var run = String.UnicodeScalarView()
        var value: (start: Int, text: String.UnicodeScalarView)?
        var announced: Int?
        for scalar in rendered.unicodeScalars {
            switch scalar {
            case begin: value = (plain.count, String.UnicodeScalarView())
            case end:
                guard let ended = value else { continue }
                value = nil
                run.append(" ")
                run.append(contentsOf: ended.text)
                let isHarmless =
                    isName(ended.text, wordsMax: nameWordsMax, scalarsMax: nameScalarsMax)
                    && isName(run, wordsMax: runWordsMax, scalarsMax: runScalarsMax)
                if announced == nil, prefix + ended.start < headScalars, !isHarmless { announced = ended.start }
            default:
                if value != nil {
                    value?.text.append(scalar)
                } else if isWord(scalar) {
                    run.removeAll()
                }
                plain.append(scalar)
            }
        }
        guard let start = announced else { return String(plain) }
        let missing = headScalars - prefix - start
        let words = announcements.first { $0.unicodeScalars.count >= missing } ?? announcements[announcements.count - 1]
        let place = plain.index(plain.startIndex, offsetBy: start)
        plain.insert(contentsOf: words.unicodeScalars, at: place)
        return String(plain)
    }

    /// Whether a text is a name such as `gpt-4o`, `Acme Corp` or `Release notes`, or an id, and nothing that asks for
    /// something. Words are what letters make of it, whatever stands between them.
    private static func isName(_ text: String.UnicodeScalarView, wordsMax: Int, scalarsMax: Int) -> Bool {
        if isID(text) { return true }
        guard text.reduce(0, { $0 + ($1 == " " ? 0 : 1) }) <= scalarsMax else { return false }
        var words = 0
        var letters = 0
        var unspaced = 0
        var before: Unicode.Scalar?
        for scalar in text {
            letters = scalar.properties.isAlphabetic ? letters + 1 : 0
            if letters == 2 { words += 1 }
            if isUnspaced(scalar) { unspaced += 1 }
            // `llama3:8b`, but no `URGENT: pay`.
            if before == ":", scalar.properties.numericType == nil { return false }
            before = scalar
            guard isWord(scalar) || nameMarks.contains(scalar) else { return false }
        }
        let hasDigit = text.contains { $0.properties.numericType != nil }
        return before != ":" && words <= wordsMax + (hasDigit ? 1 : 0) && unspaced <= unspacedScalarsMax
    }

    private static let nameMarks: Set<Unicode.Scalar> = [" ", "-", "_", ".", ",", "/", "@", "&", "'", ":"]
    /// A name in a script without spaces has no more characters; a sentence has.
    private static let unspacedScalarsMax = 10

    /// The longest id, in characters.
    private static let idScalarsMax = 64

    /// Whether a text is an id such as a UUID: of its characters at least as many are digits as letters.
    private static func isID(_ text: String.UnicodeScalarView) -> Bool {
        guard !text.isEmpty, text.count <= idScalarsMax else { return false }
        // How many more digits there are than letters.
        var surplus = 0
        for scalar in text {
            switch scalar {
            case "0"..."9": surplus += 1
            case "a"..."z", "A"..."Z": surplus -= 1
            case "-", "_": continue
            default: return false
            }
        }
        return surplus >= 0
    }

    /// Whether a character is of a script that writes its words without spaces: Han, Kana, Thai, Lao, Burmese, Khmer.
    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF: true
        default: scalar.properties.isIdeographic
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.generalCategory == .nonspacingMark
    }
}
