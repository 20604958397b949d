import Events
import Foundation
import Mail
import Rendering
import Rules
import TestSupport
import Testing

struct LinkTests {
    private let now = Timestamp(seconds: 1_795_075_265)
    private let key = Secret(Array("0123456789abcdef0123456789abcdef".utf8), label: "test")
    private var signer: LinkSigner { LinkSigner(base: "https://hookmail.example.com", key: key) }

    private func token(_ action: LinkToken.Action = .snooze) throws -> LinkToken {
        LinkToken(action, of: try Sample.notification(Sample.failedLog), recipient: 0, now: now)
    }

    @Test(arguments: LinkToken.Action.allCases) func aTokenReadsBack(action: LinkToken.Action) throws {
        let token = try token(action)
        let text = token.text(key: key)
        #expect(LinkToken(text, key: key) == token)
        #expect(token.expires.wholeSeconds == now.wholeSeconds + action.daysMax * 86_400)
        #expect(text.utf8.count <= 60 && text.utf8.allSatisfy { $0 != 0x2B && $0 != 0x2F && $0 != 0x3D })
    }

    @Test func everyChangedBitIsFoundOut() throws {
        let text = Array(try token().text(key: key).utf8)
        for index in text.indices {
            for bit in 0..<8 {
                var changed = text
                changed[index] ^= 1 << UInt8(bit)
                guard let other = String(validating: changed, as: UTF8.self) else { continue }
                #expect(LinkToken(other, key: key) == nil, "\(other)")
            }
        }
        let whole = String(decoding: text, as: UTF8.self)
        for other in ["", String(whole.dropLast()), whole + "A", whole + "=", String(repeating: "A", count: 9_999)] {
            #expect(LinkToken(other, key: key) == nil)
        }
        #expect(LinkToken(whole, key: Secret(Array("another key".utf8), label: "test")) == nil)
    }

    @Test func theFirstKeySignsAndAllOfThemRead() throws {
        let (old, other) = (Secret(Array("old key".utf8), label: "a"), Secret(Array("other key".utf8), label: "b"))
        let rotated = LinkSigner(base: signer.base, key: key, otherKeys: [old, other])
        let token = try token()
        #expect(rotated.name(token) == token.text(key: key))
        for key in [key, old, other] { #expect(rotated.token(token.text(key: key)) == token) }
        #expect(rotated.token(token.text(key: Secret(Array("a fourth".utf8), label: "c"))) == nil)
        #expect(rotated != signer && rotated == LinkSigner(base: signer.base, key: key, otherKeys: [old, other]))
        #expect(rotated != LinkSigner(base: signer.base, key: old, otherKeys: [key, other]))
        var dumped = ""
        dump(rotated, to: &dumped)
        #expect(!dumped.contains("old key") && !dumped.contains("0123456789abcdef"))
    }

    @Test func mailsHaveTheirLinksAndOneClickUnsubscribes() throws {
        let composer = Composer(templates: .builtin, identity: .test, links: signer)
        let notification = try Sample.notification(Sample.failedLog)
        let mail = composer.compose(notification, recipient: "ops@example.com", now: now).message
        let text = String(decoding: mail.bytes, as: UTF8.self)
        let unsubscribe = signer.url(LinkToken(.unsubscribe, of: notification, recipient: 0, now: now))
        #expect(text.contains("\r\nList-Unsubscribe:\r\n <\(unsubscribe)>\r\n"))
        #expect(text.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
        let readable = ReadableMessage(mail.bytes).text
        #expect(readable.contains(signer.url(LinkToken(.snooze, of: notification, recipient: 0, now: now))))
        #expect(readable.contains(signer.url(LinkToken(.details, of: notification, recipient: 0, now: now))))
    }

    @Test func plainHTTPHasNoOneClickAndNobodyElseHasLinks() throws {
        let notification = try Sample.notification(Sample.failedLog)
        let local = Composer(
            templates: .builtin, identity: .test, links: LinkSigner(base: "http://127.0.0.1:8000", key: key))
        let text = String(
            decoding: local.compose(notification, recipient: "ops@example.com", now: now).message.bytes, as: UTF8.self)
        #expect(!text.contains("List-Unsubscribe") && text.contains("http://127.0.0.1:8000/m/"))
        #expect(signer.links(of: notification, recipient: "other@example.com", now: now) == MailLinks())
    }

    @Test(arguments: GoldenMailsTests.all.keys.sorted()) func pagesAddNothingOfTheEvent(name: String) throws {
        let make = try #require(GoldenMailsTests.all[name])
        let notification = try make()
        let shapes = LinkToken.Action.allCases.map { action in
            let page = LinkPage.question(
                LinkToken(action, of: notification, recipient: 0, now: now), signer, about: notification)
            return Set(page.html.matches(of: /<[a-z][a-z0-9]*/).map { String($0.output) })
        }
        let allowed: Set<String> = [
            "<html", "<head", "<meta", "<title", "<style", "<body", "<main", "<h1", "<p", "<table", "<tr", "<th", "<td",
            "<pre", "<form", "<button",
        ]
        for shape in shapes { #expect(shape.isSubset(of: allowed), "\(shape.subtracting(allowed))") }
    }

    @Test func aHostileRuleStaysText() throws {
        let notification = try Sample.notification(Sample.log(allTexts: "<b>x</b>"), rule: "<script>r</script>\"'")
        let page = LinkPage.question(
            LinkToken(.details, of: notification, recipient: 0, now: now), signer, about: notification)
        #expect(!page.html.contains("<script") && !page.html.contains("<b>"))
    }
}
