import Events

/// The stored form of a breakdown: a JSON object in that of its notification.
extension Breakdown {
    var json: JSONValue {
        var object = JSONObject()
        object["by_cost"] = .bool(isByCost)
        object["total"] = total.json
        object["span"] = .int(span.wholeMicroseconds)
        object["partial"] = .bool(isPartial)
        object["rankings"] = .array(
            rankings.map { .array([.string($0.fact.name), .array($0.parts.map(\.json))]) })
        object["clusters"] = .array(clusters.map(\.json))
        return .object(object)
    }

    init?(_ json: JSONValue) {
        guard let isByCost = json["by_cost"]?.bool, let total = json["total"].flatMap(Amount.init),
            let span = json["span"]?.int, let isPartial = json["partial"]?.bool,
            let rankings = json["rankings"]?.array, let clusters = json["clusters"]?.array
        else { return nil }
        self.init(
            isByCost: isByCost, total: total, span: .microseconds(span), isPartial: isPartial,
            rankings: rankings.compactMap { ranking in
                guard let pair = ranking.array, pair.count == 2, let fact = pair[0].string.flatMap(Fact.named),
                    let parts = pair[1].array
                else { return nil }
                return Ranking(fact: fact, parts: parts.compactMap(Part.init))
            },
            clusters: clusters.compactMap(Cluster.init))
    }
}

extension Breakdown.Amount {
    fileprivate var json: JSONValue { .array([.int(Int64(count)), .double(cost)]) }

    fileprivate init?(_ json: JSONValue) {
        guard let pair = json.array, pair.count == 2, let count = pair[0].int, let cost = pair[1].number else {
            return nil
        }
        self.init(count: Int(clamping: count), cost: cost)
    }
}

extension Breakdown.Part {
    fileprivate var json: JSONValue {
        .array([value.map { .string($0) } ?? .null, amount.json, before?.json ?? .null])
    }

    fileprivate init?(_ json: JSONValue) {
        guard let parts = json.array, parts.count == 3, let amount = Breakdown.Amount(parts[1]) else { return nil }
        self.init(value: parts[0].string, amount: amount, before: Breakdown.Amount(parts[2]))
    }
}

extension Breakdown.Cluster {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["signature"] = .string(signature)
        object["count"] = .int(Int64(count))
        object["first"] = .int(first.microseconds)
        object["last"] = .int(last.microseconds)
        object["event"] = .int(event)
        object["sample"] = sample.map { .string($0) }
        return .object(object)
    }

    fileprivate init?(_ json: JSONValue) {
        guard let signature = json["signature"]?.string, let count = json["count"]?.int,
            let first = json["first"]?.int, let last = json["last"]?.int, let event = json["event"]?.int
        else { return nil }
        self.init(
            signature: signature, count: Int(clamping: count), first: Timestamp(microseconds: first),
            last: Timestamp(microseconds: last), event: event, sample: json["sample"]?.string)
    }
}
