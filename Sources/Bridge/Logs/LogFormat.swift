/// How a line of the log is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `key=value` pairs, for people and for `grep`.
    case logfmt
    /// One JSON object a line, for programs.
    case json
}
