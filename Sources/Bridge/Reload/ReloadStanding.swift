import Events

/// Where the configuration stands, for `/readyz`: which one is in force and what became of the last try to change it.
struct ReloadStanding: Sendable {
    /// When the configuration in force was taken.
    var inForceSince: Timestamp
    /// The last reload that was asked for. `isTrouble` says that it was not taken into force.
    var last: (at: Timestamp, cause: ReloadCause, word: String, isTrouble: Bool, faults: Int)?
    /// Keys whose value in the file differs from what this process was started with.
    var needsRestart: [String] = []

    var json: JSONValue {
        var object = JSONObject()
        object["in_force_since"] = .string(inForceSince.rfc3339)
        object["needs_restart"] = .array(needsRestart.map { .string($0) })
        guard let last else {
            object["last_reload"] = .null
            return .object(object)
        }
        var reload = JSONObject()
        reload["at"] = .string(last.at.rfc3339)
        reload["cause"] = .string(last.cause.rawValue)
        reload["status"] = .string(last.word)
        reload["faults"] = .int(Int64(last.faults))
        object["last_reload"] = .object(reload)
        return .object(object)
    }
}
