import Events
import Mail
import Rendering
import Rules
import Testing

/// Keys in texts of events never reach a mail.
struct CredentialPatternTests {
    /// Keys that nobody has, put together so that none stands in this file as it would in a leak.
    static let keys = [
        "sk-" + "proj-CANARY0123456789abcdef", "sk-" + "canarycanarycanary", "sk-" + "or-v1-0CANARY0",
        "AK" + "IACANARYCANARY12",
        "gh" + "p_CANARY0123456789", "gh" + "o_CANARY0123456789", "github" + "_pat_11CANARY_0123456789",
        "gs" + "k_CANARY01",
        "wh" + "sec_CANARY/0123+abc==", "xo" + "xb-123456789012-CANARY", "xo" + "xe.xoxp-1-CANARY01",
        "AI" + "zaSyCANARY0123456789",
        "ey" + "JhbGciOiJIUzI1NiJ9.CANARY0123.sig_CANARY-1", "sk_" + "live_CANARY0123456789",
    ]

    private static let neighbours: [(before: String, after: String)] = [
        ("", ""), ("key ", " is wrong"), ("\"", "\""), ("api_key=", "&x=1"), ("key%3D", "%26"), ("\\n", "\\n"),
        ("\\u000b", "\\"),
        ("<b>", "</b>"), ("é", "é"), ("\u{200B}", "\u{200B}"), ("(", ")."), ("x_", ","), ("{'k':'", "'}"), ("🔑", "🔑"),
        ("Bearer ", ""), ("sk-", "\r\n"),
    ]

    @Test(arguments: keys)
    func aKeyIsRemovedWhateverStandsBesideIt(key: String) throws {
        for (before, after) in Self.neighbours {
            let text = before + key + after
            let forms: [String?] = [EventText.line(text), EventText.phrase(text), EventText.block(text).joined()]
            for case let shown? in forms {
                #expect(shown.contains("[removed]") && !shown.uppercased().contains("CANARY"), "\(text) → \(shown)")
            }
        }
        let deciding = [Rules.Notification.DecidingValue(name: "error_message", value: "\"bad\\n\(key)\"")]
        let notification = try Sample.notification(
            Sample.log(allTexts: "Incorrect key: \(key)"), group: key, subject: "{{error_text}} {{model}}",
            deciding: deciding)
        let mail = Composer(templates: .builtin, identity: .test).render(notification)
        for part in [mail.subject, mail.text, mail.html] { #expect(!part.uppercased().contains("CANARY"), "\(part)") }
    }

    @Test(arguments: [
        ("Authorization: Bearer abcDEF-._~+/0123== x", "Authorization: Bearer [removed] x"),
        ("BEARER  0123456789abcdef", "BEARER [removed]"),
        ("Bearer authentication failed", "Bearer authentication failed"),
        ("the bearer of this", "the bearer of this"), ("task-0123456789abcdef", "task-0123456789abcdef"),
        ("risk-management-and-more", "risk-management-and-more"), ("sk-learn", "sk-learn"),
        ("use sk-... keys", "use sk-... keys"),
        ("AKIA", "AKIA"), ("MAKIACANARYCANARY12", "MAKIACANARYCANARY12"), ("eyJ", "eyJ"), ("-----BEGIN", "-----BEGIN"),
        ("a -----BEGIN X KEY-----\\nMIIabc\\n-----END X KEY----- b", "a [removed] b"),
        ("a -----BEGIN X KEY-----\\nMIIabc", "a [removed]"), ("a -----BEGIN X KEY-----MII-----END X", "a [removed]"),
    ])
    func wordsStayAndTokensGo(text: String, shown: String) {
        #expect(EventText.line(text) == shown)
    }

    @Test func aKeyBehindTheCutIsNotShownInPart() {
        let text = String(repeating: "x", count: 30) + " " + Self.keys[0] + " and more"
        #expect(EventText.phrase(text) == "“" + String(repeating: "x", count: 30) + " [removed]…”")
    }
}
