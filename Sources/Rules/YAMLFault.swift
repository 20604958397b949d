import Expressions

/// What a YAML reader stumbled over, still in its own words.
struct YAMLFault {
    let problem: String
    var position: SourcePosition
    var context: String?
    var contextPosition: SourcePosition?

    /// Where the user should look: a quoted text or a bracket that never ends is at fault where it begins, and so is
    /// a key without its colon, which the reader misses only in the next line.
    var place: SourcePosition {
        guard let context, let contextPosition else { return position }
        let isOpen = context.contains("quoted scalar") || context.contains("flow")
        if isOpen, problem.contains("unexpected end") || position.line > contextPosition.line { return contextPosition }
        if problem.contains("could not find expected ':'") { return contextPosition }
        return position
    }
}

extension DiagnosticSink {
    /// The hint for whatever goes wrong around a condition: in a block every expression is legal YAML.
    static let blockHint = "write `when: |` and put the expression on the next line, indented"

    /// Reports that the file is no YAML, in words that say what to do.
    func report(_ fault: YAMLFault) {
        var fault = fault
        // At the end of a file whose last line has no end the reader counts one line more.
        if fault.position.line > source.end.line { fault.position = source.end }
        if let place = fault.contextPosition, place.line > source.end.line { fault.contextPosition = source.end }
        let places = [fault.position, fault.contextPosition].compactMap { $0 }
        if let exclamation = places.compactMap({ source.conditionStart(before: $0) }).first(where: {
            source.scalar(at: $0) == "!"
        }) {
            reportTag(at: exclamation, key: "when")
        } else if let context = fault.context, context.hasSuffix("a tag"), let place = fault.contextPosition {
            reportTag(at: place, key: nil)
        } else {
            let isCondition = source.conditionStart(before: fault.place) != nil
            var (message, hint) = words(for: fault)
            if isCondition {
                if fault.problem.hasSuffix("expected key") { message = "for YAML the value of 'when' ends before this" }
                hint = Self.blockHint
            }
            error(at: range(of: fault), message, hint: hint)
        }
    }

    /// What to mark: the whole key where a key stands in the wrong column, else one character.
    private func range(of fault: YAMLFault) -> SourceRange {
        if fault.problem == Self.itemExpected, let key = source.key(inLine: fault.position.line) {
            return SourceRange(
                SourcePosition(line: fault.position.line, column: key.column), length: key.name.unicodeScalars.count)
        }
        guard let column = misplacedKeyColumn(fault) else { return SourceRange(fault.place) }
        let start = SourcePosition(line: fault.position.line, column: column)
        return SourceRange(start, length: fault.position.column - column)
    }

    private static let itemExpected = "did not find expected '-' indicator"

    /// Where a key in the wrong column was meant to stand: under the key with a value in the line above.
    private func columnHint(_ line: Int) -> String {
        var above = line - 1
        while above > 0, source.scalars(ofLine: above).allSatisfy({ $0 == " " }) { above -= 1 }
        guard above > 0, let key = source.key(inLine: above), key.hasValue else {
            return "keys of one mapping begin in the same column"
        }
        return "begin it in column \(key.column), under '\(key.name)'"
    }

    /// Where a key begins whose `:` is the fault, although it is the first one in its line.
    private func misplacedKeyColumn(_ fault: YAMLFault) -> Int? {
        guard fault.problem.contains("mapping values are not allowed") else { return nil }
        let before = source.scalars(ofLine: fault.position.line).prefix(fault.position.column - 1)
        guard !before.contains(":"), let first = before.firstIndex(where: { $0 != " " && $0 != "-" }) else {
            return nil
        }
        return first + 1
    }

    private func words(for fault: YAMLFault) -> (message: String, hint: String?) {
        let character = source.scalar(at: fault.position)
        switch fault.problem {
        case let problem where problem.contains("tab") || (problem.contains("cannot start") && character == "\t"):
            return ("a tab cannot indent YAML", "use spaces")
        case let problem where problem.contains("cannot start any token"):
            let sign = character.map { "'\($0)'" } ?? "this"
            return ("\(sign) cannot begin a value in YAML", "put the value in quotes")
        case let problem where problem.contains("mapping values are not allowed"):
            return misplacedKeyColumn(fault) == nil
                ? ("a second ': ' in this line", "put a value that contains ': ' in quotes")
                : ("this key stands in the wrong column", columnHint(fault.position.line))
        case "did not find expected key" where source.line(fault.position.line)?.contains(": {{") == true:
            return ("YAML takes '{' at the beginning of a value as a mapping", "put the value in quotes")
        case "did not find expected key":
            return (
                "expected a key here",
                "keys of one mapping begin in the same column; a quoted value ends with its quote"
            )
        case Self.itemExpected:
            if source.key(inLine: fault.position.line) != nil {
                return ("this key stands in the wrong column", columnHint(fault.position.line))
            }
            return (
                "expected another '- ' of the list here",
                "items of a list, and the keys of an item, begin in the same column"
            )
        case let problem where problem.contains("could not find expected ':'"):
            return ("this key has no ': ' behind it", "a key is followed by a colon and a space")
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            let closing = fault.problem.hasSuffix("']'") ? "]" : "}"
            return ("expected ',' or '\(closing)'", "every '\(closing == "]" ? "[" : "{")' needs its '\(closing)'")
        case let problem where problem.contains("unexpected end of stream"):
            return ("the quoted text that begins here never ends", "add the closing quote")
        case "found undefined alias":
            return ("'*' begins an alias in YAML, and there is no such anchor", "put the value in quotes")
        case "but found another document":
            return ("a second document begins here; the configuration is one document", "remove the '---' line")
        case let problem where problem.contains("exceeded maximum depth") || problem.contains("nesting"):
            return ("nested deeper than \(YAMLComposer.depthMax) levels", nil)
        default:
            let context = fault.context.map { " \($0)" } ?? ""
            return ("not YAML: \(fault.problem)\(context)", nil)
        }
    }

    /// Reports a tag; before a condition's text it is a `!` that was meant as "not".
    func reportTag(at place: SourcePosition, key: String?) {
        let line = source.scalars(ofLine: place.line).dropFirst(place.column - 1)
        let word = line.prefix { $0 != " " && $0 != "," && $0 != "}" && $0 != "]" }
        let range = SourceRange(place, length: word.count)
        guard key == "when" || key == "let" else {
            error(at: range, "tags are not supported", hint: "remove it, or put the value in quotes")
            return
        }
        let expression = SourceText.string(line.prefix { $0 != "\r" })
        let name = key == "when" ? "when" : "name"
        let block = "`\(name): |` and `\(expression)` on the next line, indented"
        let rest = expression.drop { $0 == "!" || $0 == " " }
        // What is plain text for YAML can stay in the line.
        let isPlain = expression.count == rest.count + 1 && !rest.contains(": ") && !rest.contains(" #")
        error(
            at: range, "YAML takes a '!' at the beginning as a tag, not as a part of the expression",
            hint: isPlain ? "write `\(name): not \(rest)`, or \(block)" : "write \(block)"
        )
    }
}

extension SourceText {
    /// The key that a line begins with, behind the dashes of a list, or `nil` where it has none.
    fileprivate func key(inLine line: Int) -> (name: String, column: Int, hasValue: Bool)? {
        let scalars = self.scalars(ofLine: line)
        guard let start = scalars.firstIndex(where: { $0 != " " && $0 != "-" }),
            let colon = scalars[start...].firstIndex(of: ":"), colon > start,
            scalars[start..<colon].allSatisfy({ $0 == "_" || $0 == "-" || $0.properties.isAlphabetic })
        else { return nil }
        let value = scalars[(colon + 1)...].filter { $0 != " " && $0 != "\r" }
        let isBlock = value.first == "|" || value.first == ">" || value.first == "#"
        return (SourceText.string(scalars[start..<colon]), start + 1, !value.isEmpty && !isBlock)
    }

    /// Where the value of a `when:` begins that stands before a place in its line, or `nil` when there is none.
    func conditionStart(before place: SourcePosition) -> SourcePosition? {
        let scalars = self.scalars(ofLine: place.line)
        let key = Array("when:".unicodeScalars)
        guard scalars.count >= key.count else { return nil }
        for start in 0...(scalars.count - key.count) where scalars[start..<(start + key.count)].elementsEqual(key) {
            guard start == 0 || [" ", "{", ",", "-", "\t"].contains(scalars[start - 1]) else { continue }
            let value = scalars[(start + key.count)...].firstIndex { $0 != " " } ?? scalars.count
            if value < place.column { return SourcePosition(line: place.line, column: value + 1) }
        }
        return nil
    }
}
