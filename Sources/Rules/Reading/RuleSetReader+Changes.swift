import Events
import Expressions

/// What a `change` compares: `sum(cost)`, `avg(latency)` or `count()`, and with which time.
extension RuleSetReader {
    /// Reads `of`; the span of `against` is put in later.
    func change(_ reader: MappingReader, _ conditions: NamedConditions) -> Window.Measure? {
        let forms = "write `count()`, `sum(cost)` or `avg(latency)`"
        guard let node = reader.required("of", hint: "say what is compared: \(forms)"),
            let source = expression(node, "'of'")
        else { return nil }
        let scalars = Array(source.text.unicodeScalars)
        guard let open = scalars.firstIndex(of: "("), scalars.last == ")" else {
            sink.error(at: node.range, "'of' says what to compare, but not how it is gathered", hint: forms)
            return nil
        }
        let word = SourceText.string(scalars[..<open].filter { $0 != " " })
        guard let measure = ChangeMeasure.allCases.first(where: { $0.word == word }) else {
            sink.error(at: node.range, "a change cannot be of '\(word)'", hint: forms)
            return nil
        }
        let inner = scalars[(open + 1)..<(scalars.count - 1)]
        let isEmpty = inner.allSatisfy { $0 == " " }
        guard measure != .count else {
            if isEmpty { return .change(of: .count, value: nil, against: .zero) }
            sink.error(
                at: node.range, "count() takes nothing: it counts the events that match",
                hint: "choose events with `when:`; to add up a field write `sum(cost)`")
            return nil
        }
        guard !isEmpty else {
            sink.error(at: node.range, "\(word)() needs a field", hint: forms)
            return nil
        }
        let part = ExpressionSource(text: SourceText.string(inner), file: source.file) { offset in
            source.location(ofScalar: open + 1 + offset)
        }
        return compile(part, node, in: conditions, for: .number).map {
            .change(of: measure, value: $0, against: .zero)
        }
    }

    /// Reads `against`, how much earlier the other period lies.
    func against(_ reader: MappingReader, within: Duration?) -> Duration? {
        let hint = "say how much earlier the time to compare with is, as in `against: 1d`"
        guard let node = reader.required("against", hint: hint),
            let against = values.duration(node, "'against'", within: WindowShape.spans)
        else { return nil }
        guard let within else { return against }
        guard against >= within else {
            sink.error(
                at: node.range, "'against' is shorter than 'within', so that the two times overlap",
                hint: "compare with \(within.written) earlier or more")
            return nil
        }
        guard against.wholeMicroseconds / Int64(WindowShape.againstPeriodsMax) <= within.wholeMicroseconds else {
            sink.error(
                at: node.range, "'against' is more than \(WindowShape.againstPeriodsMax) times 'within'",
                hint: "choose a longer 'within'")
            return nil
        }
        return against
    }
}
