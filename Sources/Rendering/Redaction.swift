/// What is taken out of a content text before it is stored or shown: keys and tokens, e-mail addresses, card numbers.
/// What stands in the place of each names what it was.
///
/// Redaction is by form and cannot be complete: names, addresses of streets and words that are secrets have no form.
/// Every pass looks at each byte a fixed number of times.
package enum Redaction {
    /// `text` with what is private by its form replaced.
    package static func redacted(_ text: String) -> String {
        CardNumber.redacted(MailAddress.redacted(CredentialPattern.removed(from: text, isNamed: true)))
    }
}
