import Mail
import Rendering
import Rules
import TestSupport
import Testing

/// A mail that is made anew under other settings is the same mail.
struct KeptIdentifierTests {
    @Test(arguments: [false, true]) func theIdentifierStaysWhateverSettingsChange(wasForAll: Bool) throws {
        let notification = try AlertSample.hostile("x")
        let before = try composer("old.example", forAll: wasForAll).compose(
            notification, recipient: "ops@example.com", now: AlertSample.at
        ).message
        let composer = try composer("new.example", forAll: !wasForAll)
        #expect(!composer.isInOurName(before))
        let kept = composer.keepingIdentifier(of: before)
        let after = kept.compose(notification, recipient: "ops@example.com", now: AlertSample.at).message
        #expect(after.messageID == before.messageID && composer.isInOurName(after))
        #expect(after.sender.description == "alerts@new.example")
        let short = kept.composeShort(notification, recipient: "ops@example.com", now: AlertSample.at)
        #expect(short?.messageID == before.messageID)
    }

    private func composer(_ domain: String, forAll: Bool) throws -> Composer {
        let from = Mailbox(try Address(parsing: "alerts@\(domain)"))
        var identity = MailIdentity(from: from, host: domain)
        identity.showsAllRecipients = forAll
        return Composer(templates: .builtin, identity: identity)
    }
}
