import Events

/// The stored form of what a window measured: a JSON object in that of its notification.
extension WindowFigures {
    var json: JSONValue {
        var object = JSONObject()
        object["measure"] = .string(measure)
        object["value"] = value.map { .double($0) }
        object["threshold"] = .string(threshold)
        object["within"] = .int(within.wholeMicroseconds)
        object["samples"] = .int(Int64(samples))
        object["approximate"] = .bool(isApproximate)
        object["trend"] = .array(trend.map { .double($0) })
        object["since"] = since.map { .int($0.microseconds) }
        object["peak"] = peak.map { .double($0) }
        object["reminders"] = .int(Int64(reminders))
        object["thread"] = thread.map { .array([.string($0.id), .int($0.at.microseconds)]) }
        object["seen"] = seen.map { .string($0) }
        object["budget"] = budget?.json
        object["against"] = against.map { .int($0.wholeMicroseconds) }
        return .object(object)
    }

    init?(_ json: JSONValue) {
        guard let measure = json["measure"]?.string, let threshold = json["threshold"]?.string,
            let within = json["within"]?.int, let samples = json["samples"]?.int,
            let isApproximate = json["approximate"]?.bool, let trend = json["trend"]?.array
        else { return nil }
        self.init(
            measure: measure, value: json["value"]?.number, threshold: threshold, within: .microseconds(within),
            samples: Int(clamping: samples), isApproximate: isApproximate, trend: trend.compactMap(\.number))
        since = json["since"]?.int.map { Timestamp(microseconds: $0) }
        peak = json["peak"]?.number
        reminders = Int(clamping: json["reminders"]?.int ?? 0)
        if let pair = json["thread"]?.array, pair.count == 2, let id = pair[0].string, let at = pair[1].int {
            thread = MailThread(id: id, at: Timestamp(microseconds: at))
        }
        seen = json["seen"]?.string
        budget = json["budget"].flatMap(BudgetFigures.init)
        against = json["against"]?.int.map { .microseconds($0) }
    }
}

extension BudgetFigures {
    var json: JSONValue {
        var object = JSONObject()
        object["spent"] = .double(spent)
        object["limit"] = .double(limit)
        object["from"] = .int(periodStart.microseconds)
        object["to"] = .int(periodEnd.microseconds)
        object["ends_at"] = endsAt.map { .int($0.microseconds) }
        object["burn"] = burn.map { .double($0) }
        return .object(object)
    }

    init?(_ json: JSONValue) {
        guard let spent = json["spent"]?.number, let limit = json["limit"]?.number, let from = json["from"]?.int,
            let to = json["to"]?.int
        else { return nil }
        self.init(
            spent: spent, limit: limit, periodStart: Timestamp(microseconds: from),
            periodEnd: Timestamp(microseconds: to),
            endsAt: json["ends_at"]?.int.map { Timestamp(microseconds: $0) }, burn: json["burn"]?.number)
    }
}

extension JSONValue {
    /// A number of either kind: what was written as a whole number comes back as one.
    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}
