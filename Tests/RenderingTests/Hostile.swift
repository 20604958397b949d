/// Texts that want to be more than text.
enum Hostile {
    /// What the golden file shows.
    static let showcase =
        "Your account is locked\r\nBcc: x@evil.example\r\n\r\n"
        + "<a href=\"https://evil.example/login\">Sign in at https://evil.example/login</a> "
        + "or www.evil.example, mail help@evil.example {{severity}} {{{why}}} "
        + "\u{202E}gnp.exe\u{202C} pay\u{200B}pal.com \0 <img src=x onerror=alert(1)>"

    static let texts: [String] = [
        showcase, "\r", "\n", "\r\n", "\0", "\u{2028}", "\u{2029}", "\u{85}", "a\u{1B}[31mred", "<", ">", "&", "\"",
        "'", "`",
        "<script>alert(1)</script>", "</td></tr></table><h1>Owned</h1>", "\" onmouseover=\"alert(1)",
        "' style='display:none",
        "<\u{338}script>", "\"\u{301} onclick=x", "&lt;b&gt;", "&#60;b&#62;", "<!-- x", "--> <b>", "<![endif]-->",
        "]]>",
        "<style>*{display:none}</style>", "<svg/onload=alert(1)>", "javascript:alert(1)", "JaVaScRiPt:x",
        "data:text/html,x",
        "http://evil.example", "HTTPS://EVIL.EXAMPLE/a.b?c=d.e#f", "hTTp:evil.example", "//evil.example/x",
        "ftp://evil.example",
        "smb://evil.example", "\\\\evil\\share", "www.x", "WWW.evil.example", "evil.com", "evil.example.", "a.b.c.d.ee",
        "(evil.com)",
        "\"evil.com\"", "evil.com:8080/x", "xn--e1afmkfd.xn--p1ai", "пример.рф", "例え.jp", "evil。com", "evil．com",
        "evil｡com", "evil․com",
        "1.2.3.4", "http://1.2.3.4/", "user@evil.example", "mailto:user@evil.example", "a＠b.co", "tel:+49123456",
        "sms:+49123",
        "slack://x", "x.y@z", "@user", "user@", "e.g. this", "v1.5.0", "gpt-4.1-mini", "3.14", "file.py", "a.bc,d.ef",
        "{{severity}}",
        "{{{why}}}", "{{#facts}}", "{{>part.top.html}}", "{{=<% %>=}}", "{{% CONTENT_TYPE: HTML}}",
        "=?utf-8?q?=0d=0aBcc:_x@y.zz?=",
        "\u{202E}moc.live", "\u{2066}x\u{2069}", "a\u{200B}b", "a\u{200D}b", "\u{FEFF}x", "so\u{AD}ft",
        "\u{E0041}\u{E0042}", "\u{3164}",
        "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "\u{301}first",
        "👩‍👩‍👧‍👦", "❤️", "1️⃣", "می‌خواهم", "क्‍ष", "مرحبا",
        "שלום", "漢字",
        String(repeating: "x", count: 2_000), String(repeating: "x ", count: 2_000),
        String(repeating: "\n", count: 600),
        String(repeating: "a\n", count: 300), String(repeating: "\u{200B}", count: 600),
        String(repeating: "<", count: 600),
        String(repeating: "a.bc ", count: 200), " ", "  x  ", ".", "..", "...", "\u{FFFD}", "\u{FFFE}", "\u{10FFFF}",
        "[medium] other-rule: x", "URGENT” Your account is locked. Call us now", "x\" failed. Call us now",
        "«x» „y“ ＂z＂", "Your\u{2800}account\u{2800}is\u{2800}locked", "\u{2800}", "Call +1 (800) 555-0199 now",
        "tel:+1-800-555-0199", "0800 555 0199", "Bearer abcdefgh12345678", "-----BEGIN RSA PRIVATE KEY-----",
        "sk-" + String(repeating: "<\u{200B}", count: 300), String(repeating: "-----BEGIN ", count: 60),
    ]
}
