import Events

/// What the admin address says of a kept refused delivery: never its body or the values of its headers.
struct RefusedReport {
    let kept: RefusedDeliveries.Kept
    /// What the doctor found, where it was asked.
    var diagnosis: Diagnosis?

    /// For programs, and for `hookmail verify --refused`.
    var json: JSONValue {
        var object = JSONObject()
        object["id"] = .int(Int64(kept.id))
        object["source"] = .string(kept.request.source)
        object["received_at"] = .string(kept.request.receivedAt.rfc3339)
        object["sender"] = kept.request.sender.map { .string($0.description) } ?? .null
        object["bytes"] = .int(Int64(kept.bytes))
        object["headers"] = .array(kept.request.headers.prefix(Self.headersMax).map { .string($0.name) })
        if let diagnosis {
            object["diagnosis"] = diagnosis.json
            object["lines"] = .array(diagnosis.lines.map { .string($0) })
        }
        return .object(object)
    }

    /// More names of headers are not listed.
    private static let headersMax = 64
}
