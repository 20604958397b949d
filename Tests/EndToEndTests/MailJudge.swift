import Events
import Foundation
import TestSupport
import Testing

/// Judges mails with other people's parsers: Python's `email` (policy SMTP) and `html.parser`.
enum MailJudge {
    struct Verdict {
        let defects: [String]
        let recipients: [String]
        /// Headers that neither Hookmail nor Postfix writes.
        let unexpectedHeaders: [String]
        /// Targets of links, and text that a mail client would turn into one.
        let links: [String]
        /// Tags and attributes the built-in templates do not use.
        let unexpectedTags: [String]
    }

    static func judge(_ mails: [[UInt8]]) throws -> [Verdict] {
        let python = try #require(TestProcess.find("python3"), "python3 is needed")
        let folder = try ScratchFolder()
        var paths: [String] = []
        for (index, mail) in mails.enumerated() {
            let path = "\(folder.path)/\(index).eml"
            try Data(mail).write(to: URL(fileURLWithPath: path))
            paths.append(path)
        }
        let script = "\(folder.path)/judge.py"
        try program.write(toFile: script, atomically: true, encoding: .utf8)
        let (status, output) = try TestProcess.run(python, [script] + paths)
        try #require(status == 0, "\(output)")
        guard case .array(let verdicts) = try JSONValue.decode(Array(output.utf8)) else {
            throw TestSupportFault("no verdicts: \(output)")
        }
        return verdicts.compactMap { value in
            guard case .object(let object) = value else { return nil }
            return Verdict(
                defects: object.texts("defects"), recipients: object.texts("recipients"),
                unexpectedHeaders: object.texts("headers"), links: object.texts("links"),
                unexpectedTags: object.texts("tags"))
        }
    }

    private static let program = #"""
        import email, email.policy, email.utils, html.parser, json, re, sys

        KNOWN = set("""return-path delivered-to x-original-to received from to subject date message-id mime-version
        content-type content-transfer-encoding auto-submitted x-auto-response-suppress list-id x-mailer
        references in-reply-to""".split())
        TAGS = set("html head meta title style body div span table tbody thead tr td th p h1 br hr".split())
        ATTRIBUTES = set("lang dir charset name content http-equiv style class role width height align valign border "
                         "cellpadding cellspacing bgcolor colspan rowspan scope xmlns id aria-hidden title".split())
        LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|[a-z0-9-]\.[a-z]{2,}\b|[\w.+-]@\S")

        class Tags(html.parser.HTMLParser):
            def __init__(self):
                super().__init__()
                self.odd, self.links, self.text = [], [], []
            def handle_starttag(self, tag, attributes):
                if tag not in TAGS: self.odd.append(tag)
                for name, value in attributes:
                    if name in ("href", "src", "action", "background"): self.links.append(value)
                    elif name not in ATTRIBUTES: self.odd.append(tag + "." + name)
            def handle_data(self, data):
                self.text.append(data)

        verdicts = []
        for path in sys.argv[1:]:
            with open(path, "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.SMTP)
            defects = [repr(d) for part in message.walk() for d in part.defects]
            for name, value in message.items():
                defects += [name + ": " + repr(d) for d in getattr(value, "defects", [])]
            tags = Tags()
            tags.feed(message.get_body(("html",)).get_content())
            text = message.get_body(("plain",)).get_content()
            links = tags.links + LINK.findall(text) + LINK.findall(" ".join(tags.text))
            verdicts.append({
                "defects": defects,
                "recipients": [a for _, a in email.utils.getaddresses(
                    message.get_all("to", []) + message.get_all("cc", []) + message.get_all("bcc", []))],
                "headers": sorted({k.lower() for k in message.keys()} - KNOWN),
                "links": links, "tags": tags.odd,
            })
        print(json.dumps(verdicts))
        """#
}

extension JSONObject {
    /// The texts of an array member.
    func texts(_ key: String) -> [String] {
        guard case .array(let elements)? = self[key] else { return [] }
        return elements.compactMap { element in
            if case .string(let text) = element { return text }
            return nil
        }
    }
}
