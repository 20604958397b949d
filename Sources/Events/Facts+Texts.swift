extension Facts {
    /// The same facts with each text in them, those inside objects and lists too, replaced by what `change` makes of
    /// it; names stay.
    package func mappingTexts(_ change: (String) -> String) -> Facts {
        guard case .object(let object) = Self.mapped(event, change) else { return self }
        return Facts(members: object, isReduced: isReduced)
    }

    private static func mapped(_ value: JSONValue, _ change: (String) -> String) -> JSONValue {
        switch value {
        case .string(let text): .string(change(text))
        case .array(let items): .array(items.map { mapped($0, change) })
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, mapped($0.value, change)) }))
        default: value
        }
    }
}
