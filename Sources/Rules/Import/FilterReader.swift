internal import Events

/// Walks the platform's JSON and collects comparisons.
struct FilterReader {
    /// Terms joined by one connector, the innermost already as texts.
    struct Parts {
        var terms: [String]
        let isAnd: Bool

        /// The joined terms; each on a line of its own where they are too long for one.
        func text(columnsMax: Int) -> String {
            let sign = isAnd ? "&&" : "||"
            let line = terms.joined(separator: " \(sign) ")
            return line.unicodeScalars.count <= columnsMax ? line : terms.joined(separator: "\n\(sign) ")
        }
    }

    private(set) var warnings: [String] = []
    private var termCount = 0

    /// Names under which the platform's interfaces put a filter, the outermost first.
    private static let wrappers = [
        "condition_policy", "condition", "conditions", "filter_params", "filters", "filter", "rules",
    ]
    /// Keys beside `rules` and the wrappers that say nothing about which events are meant.
    private static let ignored: Set<String> = [
        "connector", "id", "name", "description", "created_at", "updated_at", "slug", "is_active", "operator",
        "condition_type", "severity",
    ]
    /// What changes when a condition fires, and how that is written here.
    private static let beyond: [String: String] = [
        "time_step": "the time step of an aggregation is a window here, such as count: {at_least: 5, within: 10m}",
        "aggregation": "an aggregation is a window here, such as sum: {of: cost, above: 10, within: 1h}",
        "aggregations": "an aggregation is a window here, such as sum: {of: cost, above: 10, within: 1h}",
        "sampling_rate": "a sampling rate is not carried over: every event is looked at",
        "throttle": "a throttle is at_most here, such as at_most: 1 per 15m",
    ]

    /// Reads a filter in whatever form it has.
    mutating func read(_ json: JSONValue, nesting: Int) throws(FilterImportFault) -> Parts {
        guard nesting <= ImportedFilter.nestingMax else { throw FilterImportFault("it is nested too deep") }
        if let rows = json.array { return try list(rows, connector: nil, nesting: nesting) }
        guard let object = json.object else {
            throw FilterImportFault("a filter is a JSON object or a list of comparisons")
        }
        if object["field"]?.string != nil { return Parts(terms: [try comparison(object)], isAnd: true) }
        guard let name = Self.wrappers.first(where: { Self.isContainer(object[$0]) }), let inner = object[name] else {
            return try map(object, nesting: nesting)
        }
        note(object, except: name)
        if let rows = inner.array { return try list(rows, connector: object["connector"], nesting: nesting + 1) }
        var parts = try read(inner, nesting: nesting + 1)
        if let connector = object["connector"], try !Self.isAnd(connector), parts.isAnd, parts.terms.count > 1,
            inner.object?["connector"] == nil
        {
            parts = Parts(terms: parts.terms, isAnd: false)
        }
        return parts
    }

    /// Whether a member holds comparisons; a field of the event may have the same name, with an operator below it.
    private static func isContainer(_ json: JSONValue?) -> Bool {
        if json?.array != nil { return true }
        guard let object = json?.object else { return false }
        return object["operator"]?.string == nil && object["value"] == nil
    }

    private mutating func note(_ object: JSONObject, except name: String) {
        if object["condition_type"]?.string?.lowercased() == "aggregation" {
            warn("an aggregation is a window here: add count, sum or avg to the rule")
        }
        for (key, _) in object.members where key != name {
            if let words = Self.beyond[key] {
                warn(words)
            } else if !Self.ignored.contains(key) {
                warn("\"\(String(key.prefix(60)))\" is not carried over")
            }
        }
    }

    private mutating func warn(_ text: String) {
        if !warnings.contains(text) { warnings.append(text) }
    }

    private static func isAnd(_ connector: JSONValue?) throws(FilterImportFault) -> Bool {
        switch connector?.string?.uppercased() {
        case nil where connector == nil || connector?.isNull == true, "AND", "ALL", "": return true
        case "OR", "ANY": return false
        default: throw FilterImportFault("a connector is AND or OR")
        }
    }

    // MARK: Forms

    /// Comparisons one after the other. Without a connector of its own, the list is joined by those of its rows.
    private mutating func list(
        _ rows: [JSONValue], connector: JSONValue?, nesting: Int
    ) throws(FilterImportFault) -> Parts {
        var terms: [(text: String, isAnd: Bool)] = []
        for row in rows {
            let parts = try read(row, nesting: nesting + 1)
            guard !parts.terms.isEmpty else { continue }
            terms.append((Self.grouped(parts), try Self.isAnd(row["connector"])))
        }
        if connector != nil { return Parts(terms: terms.map(\.text), isAnd: try Self.isAnd(connector)) }
        return joined(terms)
    }

    /// A map of fields, each with one comparison or a list of them.
    private mutating func map(_ object: JSONObject, nesting: Int) throws(FilterImportFault) -> Parts {
        var terms: [(text: String, isAnd: Bool)] = []
        for (name, json) in object.members where !(name == "connector" && json.string != nil) {
            guard !Self.wrappers.contains(name) || json.object != nil else {
                throw FilterImportFault(
                    "\"\(name)\" holds comparisons, but here it is no list and no object",
                    hint: "for a field of this name write {\"field\": \"\(name)\", \"operator\": \"eq\", \"value\": …}")
            }
            // Values alone, as in {"status_code": [500, 503]}, are one comparison.
            let isComparisons = json.array?.contains { $0.object != nil } ?? (json.object != nil)
            let rows = isComparisons ? (json.array ?? [json]).map(\.object) : [JSONObject(value: json)]
            var texts: [(text: String, isAnd: Bool)] = []
            for case let row? in rows {
                guard row["operator"] != nil || row["value"] != nil else {
                    throw FilterImportFault("\"\(String(name.prefix(60)))\" has neither an operator nor a value")
                }
                var named = row
                named["field"] = .string(name)
                texts.append((try comparison(named), try Self.isAnd(row["connector"])))
            }
            guard let first = texts.first else { continue }
            terms.append((Self.grouped(joined(texts)), first.isAnd))
        }
        guard object["connector"]?.string == nil else {
            return Parts(terms: terms.map(\.text), isAnd: try Self.isAnd(object["connector"]))
        }
        return joined(terms)
    }

    /// Terms that each say how they are joined to those before them. The first one's word says nothing, unless it is
    /// the only one that differs.
    private mutating func joined(_ terms: [(text: String, isAnd: Bool)]) -> Parts {
        let later = Set(terms.dropFirst().map(\.isAnd))
        guard later.count > 1 else {
            let isAnd = later.first ?? true
            if isAnd, terms.count > 1, terms.first?.isAnd == false {
                warn("only the first of several comparisons says OR; all of them were joined by OR")
                return Parts(terms: terms.map(\.text), isAnd: false)
            }
            return Parts(terms: terms.map(\.text), isAnd: isAnd)
        }
        warn("AND and OR stand side by side; they were joined from left to right, each with all before it")
        var text = terms[0].text
        for (place, term) in terms.enumerated().dropFirst() {
            let left = place > 1 && terms[place - 1].isAnd != term.isAnd ? "(\(text))" : text
            text = "\(left) \(term.isAnd ? "&&" : "||") \(term.text)"
        }
        return Parts(terms: [text], isAnd: terms.last?.isAnd ?? true)
    }

    private static func grouped(_ parts: Parts) -> String {
        parts.terms.count == 1 ? parts.terms[0] : "(\(parts.text(columnsMax: .max)))"
    }

    /// One comparison: `field`, `operator`, `value`.
    private mutating func comparison(_ object: JSONObject) throws(FilterImportFault) -> String {
        termCount += 1
        guard termCount <= ImportedFilter.termsMax else {
            throw FilterImportFault("it has more than \(ImportedFilter.termsMax) comparisons")
        }
        let field = try FilterField(object["field"]?.string ?? "")
        let word = object["operator"]?.string ?? ""
        guard let operation = FilterOperator(word) else {
            throw FilterImportFault("the operator \"\(String(word.prefix(60)))\" of \"\(field.written)\" is not known")
        }
        let value = object["value"] ?? .null
        let values = value.array ?? (value.isNull ? [] : [value])
        guard !values.isEmpty || !operation.needsValue else {
            throw FilterImportFault("the operator \"\(word)\" of \"\(field.written)\" has no value")
        }
        var term = FilterTerm(field: field, operation: operation, word: word, values: values)
        let text = try term.text()
        for warning in term.warnings { warn(warning) }
        return text
    }
}

extension JSONObject {
    /// A comparison with nothing but a value, as in `{"model": "gpt-4o"}`.
    fileprivate init(value: JSONValue) {
        self.init()
        self["value"] = value
    }
}
