package import Events

/// The stored form of a notification: one JSON object of at most `encodedBytesMax` bytes.
extension Notification {
    /// What the parts add up to at most: 100 recipients of 254 bytes, 20 values of 200 scalars, a condition of 4 KB,
    /// facts of 4 KB. Content takes what is left, and never more than `ShownContent.bytesMax`.
    package static let encodedBytesMax = 64 << 10

    private static let limits = JSONLimits(depthMax: 64, valuesMax: 65_536, integerDigitsMax: 20)

    /// Compact JSON for the store; equal for equal notifications.
    package func encoded() -> [UInt8] {
        var object = JSONObject()
        object["id"] = .string(id)
        object["rule"] = .string(rule)
        object["group"] = group.map { .string($0) }
        object["reason"] = .string(reason.rawValue)
        object["severity"] = .string(severity.rawValue)
        object["at"] = .int(at.microseconds)
        object["recipients"] = .array(recipients.map { .string($0) })
        object["template"] = template.map { .string($0) }
        object["subject"] = subject.map { .string($0) }
        object["holds_slot"] = .bool(holdsThrottleSlot)
        object["event"] = figures.event.map { .int($0) }
        object["condition"] = figures.condition.map { .string($0) }
        object["deciding"] = Self.json(figures.deciding)
        object["held_back"] = .int(Int64(figures.heldBack))
        object["held_back_since"] = figures.heldBackSince.map { .int($0.microseconds) }
        object["throttle"] = figures.throttle.map { .string($0) }
        object["next_mail_at"] = figures.nextMailAt.map { .int($0.microseconds) }
        object["content"] = figures.content?.json
        if !figures.group.isEmpty { object["per"] = Self.json(figures.group) }
        object["window"] = figures.window?.json
        object["breakdown"] = figures.breakdown?.json
        object["summary"] = figures.summary?.json
        if !figures.logs.isEmpty { object["logs"] = .array(figures.logs.map(\.json)) }
        object["attach"] = figures.attachment.map { .string($0.rawValue) }
        if !figures.inhibits.isEmpty { object["inhibits"] = .array(figures.inhibits.map { .string($0) }) }
        if !figures.withheld.isEmpty {
            object["withheld"] = .array(
                figures.withheld.map { held in
                    let texts = [held.recipient, held.reason.rawValue] + (held.silence.map { [$0] } ?? [])
                    return .array(texts.map { .string($0) })
                })
        }
        // The facts are JSON already: they are put in as they are.
        var bytes = JSONValue.object(object).encoded()
        bytes.removeLast()
        bytes += Array(#","facts":"#.utf8)
        bytes += figures.facts.encoded()
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads what `encoded` wrote. A member that is missing or of another kind is `.notAnObject`: the row is not one of
    /// ours.
    package init(decoding bytes: [UInt8]) throws(JSONFault) {
        guard bytes.count <= Self.encodedBytesMax else { throw JSONFault(.tooLong, at: Self.encodedBytesMax) }
        let value = try JSONValue.decode(bytes, limits: Self.limits)
        let fault = JSONFault(.notAnObject, at: 0)
        guard let id = value["id"]?.string, let rule = value["rule"]?.string,
            let reason = value["reason"]?.string.flatMap(NotificationReason.init(rawValue:)),
            let severity = value["severity"]?.string.flatMap(Severity.init(rawValue:)),
            let at = value["at"]?.int, let recipients = value["recipients"]?.array,
            let holdsSlot = value["holds_slot"]?.bool, let deciding = value["deciding"],
            let heldBack = value["held_back"]?.int, let facts = value["facts"]
        else { throw fault }
        let content = value["content"].flatMap(ShownContent.init)
        self.init(
            id: id, rule: rule, group: value["group"]?.string, reason: reason, severity: severity,
            at: Timestamp(microseconds: at), recipients: recipients.compactMap(\.string),
            template: value["template"]?.string, subject: value["subject"]?.string, holdsThrottleSlot: holdsSlot,
            figures: Figures(
                event: value["event"]?.int, facts: try Facts(decoding: facts.encoded()),
                condition: value["condition"]?.string,
                deciding: Self.values(deciding),
                heldBack: Int(clamping: heldBack),
                heldBackSince: value["held_back_since"]?.int.map { Timestamp(microseconds: $0) },
                throttle: value["throttle"]?.string,
                nextMailAt: value["next_mail_at"]?.int.map { Timestamp(microseconds: $0) }
            )
        )
        figures.content = content
        figures.group = value["per"].map(Self.values) ?? []
        figures.window = value["window"].flatMap(WindowFigures.init)
        figures.breakdown = value["breakdown"].flatMap(Breakdown.init)
        figures.summary = value["summary"].flatMap(SummaryFigures.init)
        figures.logs = (value["logs"]?.array ?? []).compactMap(ExampleLog.init)
        figures.attachment = value["attach"]?.string.flatMap(AttachmentFormat.init(rawValue:))
        figures.inhibits = value["inhibits"]?.array?.compactMap(\.string) ?? []
        figures.withheld = (value["withheld"]?.array ?? []).compactMap { held in
            guard let held = held.array, held.count == 2 || held.count == 3, let recipient = held[0].string,
                let reason = held[1].string.flatMap(SuppressionReason.init(rawValue:))
            else { return nil }
            return Withheld(recipient: recipient, reason: reason, silence: held.count == 3 ? held[2].string : nil)
        }
    }

    private static func json(_ values: [DecidingValue]) -> JSONValue {
        .array(values.map { .array([.string($0.name), .string($0.value)]) })
    }

    private static func values(_ json: JSONValue) -> [DecidingValue] {
        (json.array ?? []).compactMap { pair in
            guard let pair = pair.array, pair.count == 2, let name = pair[0].string, let text = pair[1].string
            else { return nil }
            return DecidingValue(name: name, value: text)
        }
    }
}
