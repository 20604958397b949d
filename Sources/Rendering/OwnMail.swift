package import Events

/// A mail of Hookmail's own: about itself, and about no event and no rule's match.
package struct OwnMail: Sendable, Equatable {
    /// Which one it is, and what its template is called.
    package enum Kind: String, Sendable, CaseIterable {
        /// Something is wrong with Hookmail itself.
        case trouble = "own.trouble"
        /// How the rules fared.
        case report = "own.report"
        /// `hookmail send-test`.
        case test = "own.test"

        /// The word at the head, and in brackets before the subject.
        package var word: String {
            switch self {
            case .trouble: "trouble"
            case .report: "report"
            case .test: "test"
            }
        }
    }

    /// One thing to tell.
    package struct Note: Sendable, Equatable {
        /// What it is, as a sentence or the beginning of one.
        package let title: String
        /// What to know about it and what to do; may be empty.
        package let detail: String

        package init(title: String, detail: String) {
            self.title = title
            self.detail = detail
        }
    }

    /// A line of the table.
    package struct Fact: Sendable, Equatable {
        package let label: String
        package let value: String

        package init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// What the names of templates of such mails begin with; no rule may choose one of them.
    package static let prefix = "own."

    package let kind: Kind
    /// The subject without the word in brackets.
    package let headline: String
    /// One sentence: what happened.
    package let happened: String
    package var facts: [Fact] = []
    package var notes: [Note] = []
    /// What to do, or what else to know; `nil` for nothing.
    package var advice: String?
    /// The last line: why the mail was sent.
    package let why: String
    /// When it was decided to send it.
    package let at: Timestamp

    package init(kind: Kind, headline: String, happened: String, why: String, at: Timestamp) {
        self.kind = kind
        self.headline = headline
        self.happened = happened
        self.why = why
        self.at = at
    }

    /// The subject.
    package var subject: String { "[\(kind.word)] \(headline)" }
}

// MARK: The test mail

extension OwnMail {
    /// The mail of `hookmail send-test`: same identity, same headers and same form as real mails, and it says that it
    /// is a test.
    ///
    /// - Parameters:
    ///   - through: the server's name for the reader, such as `smtp://smtp.example.com:587`.
    ///   - at: when it is sent; it tells the Message-IDs of two test mails apart.
    package static func test(from: String, to: String, through: String, at: Timestamp) -> OwnMail {
        var mail = OwnMail(
            kind: .test, headline: "Hookmail can reach you",
            happened: "This is a test. Nothing has happened: no event came in, and no rule matched.",
            why: "You get this mail because somebody ran `hookmail send-test`.", at: at)
        mail.facts = [
            Fact("From", from), Fact("To", to), Fact("Through", through), Fact("Sent", TimeText.full(at)),
        ]
        mail.advice =
            "Hookmail's mails come the same way as this one. If it lies among the spam, they will, too: then look at "
            + "SPF, DKIM and DMARC of the sender's domain."
        return mail
    }
}
