/// The form in which a rule's mails carry what matched as a file.
package enum AttachmentFormat: String, Sendable, CaseIterable {
    /// One JSON object, or for a summary an array of its lines.
    case json
    /// A row of names and a row of values, or for a summary a row for each line (RFC 4180).
    case csv
}
