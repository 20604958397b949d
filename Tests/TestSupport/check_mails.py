"""Reads mails with CPython's email package and compares them with what they should be.

Takes a JSON file: a list of objects as MailOracle.Expectation encodes them. Prints one line per fault and `checked N`.
"""
import base64
import email
import email.policy
import html.parser
import json
import re
import sys

LINKS = [
    re.compile(p, re.I)
    for p in (
        r"\bhttps?:",
        r"\bftp:",
        r"\bwww\.",
        r"\bmailto:",
        r"\btel:",
        r"\bjavascript:",
        r"(?<![a-z])(?!hxxps?:|fxp:)[a-z][a-z0-9+.-]*://(?!\S*\[\.\])",
        r"[\w.+-]@\S",
        r"[a-z0-9-]\.[a-z]{2,}",
        r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
    )
]
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad\x00]")


class Shape(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.shape, self.text, self.faults = set(), [], []
        self.skips = 0

    def handle_starttag(self, tag, attrs):
        self.shape.add(tag)
        for name, value in attrs:
            value = re.sub(r"background-color:#[0-9a-f]{6}", "background-color:#", value or "")
            self.shape.add((tag, name, value))
        if tag == "style":
            self.skips += 1

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if tag == "style":
            self.skips -= 1

    def handle_comment(self, data):
        self.shape.add(("comment", data))

    def handle_decl(self, data):
        self.shape.add(("decl", data))

    def handle_data(self, data):
        if not self.skips:
            self.text.append(data)


def linkable(text):
    return next((f"{m.group(0)!r} in {text[max(0, m.start() - 20):m.end() + 20]!r}" for p in LINKS for m in [p.search(text)] if m), None)


def faults(mail, baseline):
    data = base64.b64decode(mail["bytes"])
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data) or any(b > 126 for b in data) or not data.endswith(b"\r\n"):
        yield "not 7-bit CRLF"
    lines = data.split(b"\r\n")
    if any(len(line) > 998 or line.startswith(b".") for line in lines):
        yield "line too long or begins with a dot"
    head, _, body = data.partition(b"\r\n\r\n")
    if any(len(line) > 78 and b" " in line.strip() for line in head.split(b"\r\n")):
        yield f"header not folded: {max(head.split(bytes([13, 10])), key=len)!r}"
    if any(len(word) > 75 for word in re.findall(rb"=\?[^?]*\?[^?]*\?[^?]*\?=", head)):
        yield "encoded-word too long"
    if any(len(line) > 76 or line.endswith((b" ", b"\t")) for line in body.split(b"\r\n")):
        yield "body line too long or ends with a space"
    message = email.message_from_bytes(data, policy=email.policy.SMTP)
    for part in message.walk():
        if part.defects:
            yield f"defects {part.defects}"
        for name, value in part.items():
            if value.defects:
                yield f"defects in {name}: {value.defects}"
    if message.keys() != mail["headers"]:
        yield f"headers {message.keys()}"
    if str(message["subject"]) != mail["subject"]:
        yield f"subject {str(message['subject'])!r} is not {mail['subject']!r}"
    if [a.addr_spec for a in message["from"].addresses] != [mail["from"]]:
        yield f"from {message['from']!r}"
    if [a.display_name for a in message["from"].addresses] != [mail.get("displayName") or ""]:
        yield f"display name {message['from']!r}"
    if [a.addr_spec for a in message["to"].addresses] != (mail["shownRecipients"] or [mail["to"]]):
        yield f"to {message['to']!r}"
    if message["date"].datetime is None or message["auto-submitted"] != "auto-generated":
        yield "date or auto-submitted"
    parts = list(message.iter_parts())
    if mail["hasAttachment"]:
        if message.get_content_type() != "multipart/mixed" or len(parts) != 2 or not parts[1].is_attachment():
            yield f"no attachment: {[p.get_content_type() for p in parts]}"
            return
        parts = list(parts[0].iter_parts())
    if [p.get_content_type() for p in parts] != ["text/plain", "text/html"]:
        yield f"parts {[p.get_content_type() for p in parts]}"
        return
    for part, wanted in zip(parts, (mail["text"], mail["html"])):
        content = part.get_content().replace("\r\n", "\n")
        if content != wanted:
            yield f"{part.get_content_type()} {content[:80]!r} is not {wanted[:80]!r}"
    if mail["isFromEvent"]:
        shape = Shape()
        shape.feed(mail["html"])
        shape.close()
        if baseline and not shape.shape <= baseline[0]:
            yield f"tags from data: {list(shape.shape - baseline[0])[:3]}"
        if not baseline:
            baseline.append(shape.shape)
        for where, text in (("html", " ".join(shape.text)), ("text", mail["text"]), ("subject", mail["subject"])):
            text = text.replace("\u200b", "") if where == "html" else text
            if found := linkable(text):
                yield f"link in {where}: {found}"
            if HIDDEN.search(text):
                yield f"hidden character in {where}"


def main():
    mails = json.load(open(sys.argv[1], encoding="utf-8"))
    baseline = []
    for index, mail in enumerate(mails):
        for fault in faults(mail, baseline):
            print(f"mail {index}: {fault}".replace("\n", "\\n").encode("ascii", "backslashreplace").decode())
    print(f"checked {len(mails)}")


main()
