import Events
package import Expressions

/// Who asked for a reload.
package enum ReloadCause: String, Sendable {
    case signal
    case command
    case fileChange = "file_change"
}

/// What came of a reload.
package enum ReloadOutcome: Sendable {
    /// The new configuration is in force.
    /// - Parameters:
    ///   - changed: keys of the file whose value is another one now.
    ///   - needsRestart: keys whose value in the file differs from what this process was started with.
    case reloaded(changed: [String], needsRestart: [String], warnings: Diagnostics)
    /// The file says what is in force already.
    case unchanged(needsRestart: [String], warnings: Diagnostics)
    /// The new configuration has faults; the old one stays in force.
    case faulty(Diagnostics)
    /// Nothing is wrong with the configuration, but it could not be taken into force now; the old one stays.
    /// - Parameter reason: a constant text.
    case postponed(reason: String)

    /// The word for it in answers and logs.
    package var word: String {
        switch self {
        case .reloaded: "reloaded"
        case .unchanged: "unchanged"
        case .faulty: "faulty"
        case .postponed: "postponed"
        }
    }

    /// Whether the file was not taken into force.
    var isTrouble: Bool {
        switch self {
        case .reloaded, .unchanged: false
        case .faulty, .postponed: true
        }
    }

    /// The HTTP status code of the answer to a call that asked for the reload.
    var status: Int {
        switch self {
        case .reloaded, .unchanged: 200
        case .faulty: 422
        case .postponed: 503
        }
    }

    /// The body of that answer.
    var json: JSONValue {
        var object = JSONObject()
        object["status"] = .string(word)
        switch self {
        case .reloaded(let changed, let needsRestart, let warnings):
            object["changed"] = .array(changed.map { .string($0) })
            object["needs_restart"] = .array(needsRestart.map { .string($0) })
            object["diagnostics"] = .array(warnings.all.map { DiagnosticReport($0).json })
        case .unchanged(let needsRestart, let warnings):
            object["needs_restart"] = .array(needsRestart.map { .string($0) })
            object["diagnostics"] = .array(warnings.all.map { DiagnosticReport($0).json })
        case .faulty(let diagnostics):
            object["diagnostics"] = .array(diagnostics.all.map { DiagnosticReport($0).json })
        case .postponed(let reason):
            object["error"] = .string(reason)
        }
        return .object(object)
    }
}
