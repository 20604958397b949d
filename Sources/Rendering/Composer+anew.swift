package import Mail

extension Composer {
    /// Whether a message that was composed before, perhaps under other settings, is in the name of the settings in
    /// force: its envelope's sender is theirs, and it needs no SMTPUTF8 for an address of ours that is gone.
    package func isInOurName(_ message: Message) -> Bool {
        let ours = [identity.from, identity.sender, identity.replyTo].contains { $0?.address.needsSMTPUTF8 ?? false }
        return message.sender == (identity.sender ?? identity.from).address && (ours || !message.senderNeedsSMTPUTF8)
    }

    /// The same composer for a mail that has an identifier already: it keeps it, though its host may have come from the
    /// domain of another `from`, and its rest from another `addressed_to`.
    package func keepingIdentifier(of message: Message) -> Composer {
        let host = message.messageID.split(separator: "@").last.map(String.init) ?? identity.host
        var kept = MailIdentity(from: identity.from, host: host)
        kept.sender = identity.sender
        kept.replyTo = identity.replyTo
        kept.showsAllRecipients = identity.showsAllRecipients
        kept.signers = identity.signers
        kept.zones = identity.zones
        var composer = Composer(
            templates: templates, identity: kept, redaction: redaction, logLink: logLink, links: links)
        composer.identifier = MessageID(message.messageID)
        return composer
    }
}
