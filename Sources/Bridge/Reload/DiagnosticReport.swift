package import Events
package import Expressions

/// A finding in a configuration as programs read it: in answers of the admin address and of `--json`.
package struct DiagnosticReport: Sendable {
    package let diagnostic: Diagnostic

    package init(_ diagnostic: Diagnostic) {
        self.diagnostic = diagnostic
    }

    /// Reads what `json` gave; `nil` for anything else.
    package init?(json: JSONValue) {
        guard case .object(let object) = json, let severity = object["severity"]?.string,
            let severity = Diagnostic.Severity(rawValue: severity), let file = object["file"]?.string,
            let line = object["line"]?.int, let column = object["column"]?.int, let length = object["length"]?.int,
            let message = object["message"]?.string
        else { return nil }
        diagnostic = Diagnostic(
            severity: severity, file: file,
            position: SourcePosition(line: Int(clamping: line), column: Int(clamping: column)),
            length: Int(clamping: length), message: message, hint: object["hint"]?.string,
            sourceLine: object["source_line"]?.string)
    }

    /// The finding with its place, its line and what to do.
    package var json: JSONValue {
        var object = JSONObject()
        object["severity"] = .string(diagnostic.severity.rawValue)
        object["file"] = .string(diagnostic.file)
        object["line"] = .int(Int64(diagnostic.position.line))
        object["column"] = .int(Int64(diagnostic.position.column))
        object["length"] = .int(Int64(diagnostic.length))
        object["message"] = .string(diagnostic.message)
        object["hint"] = diagnostic.hint.map { .string($0) } ?? .null
        object["source_line"] = diagnostic.sourceLine.map { .string($0) } ?? .null
        return .object(object)
    }
}
