import Events
package import Rules

/// A page that a link of a mail leads to: what it would do, what it did, or why the mail was sent.
///
/// Everything on it is a constant, the rule's words, or text of the event made as harmless as in mails. It loads
/// nothing.
package struct LinkPage: Sendable, Equatable {
    /// The status of the HTTP answer.
    package let status: Int
    private let title: String
    private var paragraphs: [String]
    private var rows: [MailStory.Row] = []
    private var condition: [String] = []
    /// What can be done from here: words, and the token that does it.
    private var buttons: [Button] = []

    private struct Button: Equatable {
        let words: String
        let token: String
    }

    private init(status: Int = 200, title: String, paragraphs: [String]) {
        self.status = status
        self.title = title
        self.paragraphs = paragraphs
    }

    // MARK: What cannot be done

    /// For everything that is no link of ours, whatever is wrong with it.
    package static let unknown = LinkPage(
        status: 404, title: "There is nothing here",
        paragraphs: ["This link is incomplete, or it was made with another key. Copy it whole from the mail."])
    /// For a link whose time is over, or whose mail is not kept any more.
    package static let expired = LinkPage(
        status: 410, title: "This link has expired",
        paragraphs: ["Links in mails work for a limited time. `hookmail silences add` does the same at any time."])
    /// For a method that no link has.
    package static let methodNotAllowed = LinkPage(
        status: 405, title: "A link is read or posted to", paragraphs: ["Open it in a browser."])
    /// For when the store cannot be asked.
    package static let unavailable = LinkPage(
        status: 503, title: "Not possible right now", paragraphs: ["Nothing was changed. Try again in a minute."])
    /// For an action that the store was given and has not answered in time.
    package static let unanswered = LinkPage(
        status: 503, title: "This takes longer than usual",
        paragraphs: ["It may still come into force. Trying again in a minute does no harm, and says how it went."])
    /// For an action that a mail of this kind has not.
    package static let impossible = LinkPage(
        status: 409, title: "This cannot be done by a link",
        paragraphs: ["Nothing was changed. `hookmail silences add` can hold mails back by any condition."])

    // MARK: What can be done

    /// Asks before a token acts.
    package static func question(_ token: LinkToken, _ signer: LinkSigner, about notification: Notification) -> LinkPage
    {
        let rule = RuleLabel.text(notification, scalarsMax: 80)
        switch token.action {
        case .details: return details(token, signer, notification)
        case .snooze:
            var page = LinkPage(
                title: "Hold mails back for an hour?",
                paragraphs: [
                    "Mails of the rule \(rule)\(group(notification)) are held back for one hour, from everybody who "
                        + "gets them. Matches are still counted and shown by `hookmail events`."
                ])
            page.buttons = [Button(words: "Hold back for an hour", token: signer.name(token))]
            return page
        case .unsubscribe:
            var page = LinkPage(
                title: "Unsubscribe from the rule \(rule)?",
                paragraphs: [
                    "\(recipient(token, notification)) gets no mail of this rule any more. Other recipients still do, "
                        + "and mails of other rules still come."
                ])
            page.buttons = [Button(words: "Unsubscribe", token: signer.name(token))]
            return page
        }
    }

    /// Says what a token has done, or had done before.
    package static func answer(_ token: LinkToken, about notification: Notification, silence: Silence) -> LinkPage {
        let rule = RuleLabel.text(notification, scalarsMax: 80)
        if token.action == .unsubscribe {
            return LinkPage(
                title: "Unsubscribed",
                paragraphs: [
                    "\(recipient(token, notification)) gets no mail of the rule \(rule) any more. "
                        + "`hookmail silences remove \(silence.id)` takes that back."
                ])
        }
        return LinkPage(
            title: "Held back",
            paragraphs: [
                "Mails of the rule \(rule)\(group(notification)) are held back until "
                    + "\(TimeText.full(silence.until)). `hookmail silences remove \(silence.id)` ends that sooner."
            ])
    }

    private static func details(_ token: LinkToken, _ signer: LinkSigner, _ notification: Notification) -> LinkPage {
        let story = MailStory(notification)
        var page = LinkPage(
            title: "Why this mail was sent",
            paragraphs: [
                story.happened, story.texts["held_back_line"], story.texts["inhibits_line"],
                story.texts["withheld_line"], story.texts["why"], story.texts["decided_line"],
            ].compactMap { $0 })
        page.rows = story.rows + story.deciding
        page.condition = story.conditionLines
        if Silence.condition(for: notification) != nil {
            page.buttons.append(
                Button(words: "Hold back for an hour", token: signer.name(token.with(.snooze))))
        }
        if Silence.condition(forRuleOf: notification) != nil {
            page.buttons.append(
                Button(words: "Unsubscribe me from this rule", token: signer.name(token.with(.unsubscribe))))
        }
        return page
    }

    private static func group(_ notification: Notification) -> String {
        guard notification.reason != .digest else { return "" }
        return GroupText.phrase(notification).map { " for \($0)" } ?? ""
    }

    private static func recipient(_ token: LinkToken, _ notification: Notification) -> String {
        notification.recipients.indices.contains(token.recipient)
            ? OwnText.line(notification.recipients[token.recipient]) ?? "This recipient" : "This recipient"
    }

    // MARK: HTML

    /// The page whole. Forms post to tokens beside it, so that they work under any base.
    package var html: String {
        let paragraphs = paragraphs.map { "<p>\(HTMLText.escaped($0))</p>\n" }.joined()
        let lines = condition.map { HTMLText.escaped($0) }.joined(separator: "\n")
        let conditionBlock = lines.isEmpty ? "" : "<p>The rule's condition:</p>\n<pre>\(lines)</pre>\n"
        let cells = rows.map {
            "<tr><th>\(HTMLText.escaped($0.label))</th><td dir=\"auto\">\(HTMLText.escaped($0.value))</td></tr>\n"
        }.joined()
        let table = cells.isEmpty ? "" : "<table>\n\(cells)</table>\n"
        let forms = buttons.map {
            "<form method=\"post\" action=\"\($0.token)\"><button>\(HTMLText.escaped($0.words))</button></form>\n"
        }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex"><title>\(HTMLText.escaped(title)) · Hookmail</title>
            <style>\(Self.style)</style></head>
            <body><main><h1>\(HTMLText.escaped(title))</h1>
            \(paragraphs)\(table)\(conditionBlock)\(forms)</main></body></html>

            """
    }

    private static let style = """
        :root{color-scheme:light dark}
        body{margin:0;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
        body{background:#f4f5f7;color:#171b22}
        main{max-width:36rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:8px;overflow-wrap:anywhere}
        h1{font-size:1.25rem;margin:0 0 1rem}
        table{border-collapse:collapse}
        th{text-align:left;font-weight:400;color:#5a6372;padding:2px 18px 2px 0;vertical-align:top}
        pre{white-space:pre-wrap;font-size:.85rem}
        button{font:inherit;margin-top:.75rem;padding:.6rem 1.2rem;border:0;border-radius:6px}
        button{background:#175cd3;color:#fff}
        @media(prefers-color-scheme:dark){
        body{background:#14171c;color:#e6e8ec}main{background:#1d2127}th{color:#a3abb8}}
        """
}
