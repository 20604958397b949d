extension Checker {
    /// The most terms about one value that are held against each other.
    private static let comparedTermsMax = 100

    /// Warns where terms of one `&&` exclude each other, as `status_code > 600 && status_code < 500` do, and where one
    /// of two terms of one `||` always holds, as of `model != "a" || model != "b"`.
    ///
    /// It is a warning and no error: a rule that is switched off by such a condition is legal.
    mutating func warnOfContradictions(_ id: NodeID, isAnd: Bool) {
        var seen: [String: [(term: NodeID, values: AdmittedValues)]] = [:]
        for term in flatTerms(id, isAnd: isAnd) {
            guard let (subject, values) = statement(term, isNegated: !isAnd), isAnd || isTrueOfAbsent(term, values)
            else { continue }
            let earlier = seen[subject] ?? []
            if let other = earlier.first(where: { $0.values.excludes(values) }) {
                warn(of: other.term, other.values, and: term, values, isAnd: isAnd)
                return
            }
            if earlier.count < Self.comparedTermsMax { seen[subject, default: []].append((term, values)) }
        }
    }

    private mutating func warn(
        of first: NodeID, _ firstValues: AdmittedValues, and second: NodeID, _ secondValues: AdmittedValues, isAnd: Bool
    ) {
        let areLists = firstValues.isList && secondValues.isList
        if isAnd {
            report(
                "this and \(words(first)) can never be true together", at: second,
                hint: areLists ? "write || between them if one is enough" : nil, severity: .warning)
        } else {
            // The terms were taken by what makes them false; where nothing does so for both, one is always true.
            report(
                "this or \(words(first)) is true for every event", at: second,
                hint: "write && between them to exclude both", severity: .warning)
        }
    }

    /// Whether a term of `||` that is false for some few values is true where there is no value: it compares.
    private func isTrueOfAbsent(_ term: NodeID, _ falseValues: AdmittedValues) -> Bool {
        switch tree[term].kind {
        case .unary(.not, let operand): isTrueOfAbsent(operand, falseValues)
        case .binary: falseValues.isList
        default: false
        }
    }

    /// The terms of a chain, those of the same chain in parentheses too.
    private func flatTerms(_ id: NodeID, isAnd: Bool) -> [NodeID] {
        guard case .chain(isAnd, let terms) = tree[id].kind else { return [id] }
        return terms.flatMap { flatTerms($0, isAnd: isAnd) }
    }

    /// Which values of what the term lets through, or stops where it is negated; `nil` for a term that is not about
    /// one value and literals.
    private func statement(_ term: NodeID, isNegated: Bool) -> (subject: String, values: AdmittedValues)? {
        switch tree[term].kind {
        case .unary(.not, let operand): return statement(operand, isNegated: !isNegated)
        case .binary(.in, let left, let right):
            guard let subject = subject(left), case .list(let elements) = tree[right].kind else { return nil }
            let values = elements.compactMap { literal($0) }
            return values.count == elements.count ? (subject, AdmittedValues(values, isNegated: isNegated)) : nil
        case .binary(let operation, let left, let right):
            guard let relation = Relation(operation) else { return nil }
            let isMirrored = literal(left) != nil
            let (side, other) = isMirrored ? (right, left) : (left, right)
            guard let subject = subject(side), let value = literal(other) else { return nil }
            let written = isMirrored ? relation.mirrored : relation
            let isWhole = types[side] == .int
            return AdmittedValues(isNegated ? written.opposite : written, value, isWhole: isWhole).map { (subject, $0) }
        default:
            guard types[term] == .bool, let subject = subject(term) else { return nil }
            return (subject, AdmittedValues([.bool(!isNegated)], isNegated: false))
        }
    }

    /// What names a value that is the same wherever it stands: a fact, a member of one, a variable.
    private func subject(_ id: NodeID) -> String? {
        switch meanings[id] {
        case .local(let slot): if case .name(let name, _) = tree[id].kind { return "\(slot) \(name)" }
        case .variable(let name): return name
        case .host(let host):
            if case .hasField = tree[id].kind { return nil }
            if case .hasName = tree[id].kind { return nil }
            return host.name
        default: break
        }
        if case .hasField = tree[id].kind { return nil }
        return SelectedPath(id, in: tree, meanings)?.text
    }

    private func literal(_ id: NodeID) -> Value? {
        guard case .literal(let value) = tree[id].kind else { return nil }
        switch value {
        case .int, .uint, .double, .string, .bool: return value
        default: return nil
        }
    }
}
