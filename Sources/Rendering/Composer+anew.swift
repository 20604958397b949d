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
        guard let identifier = MessageID(message.messageID) else { return self }
        var composer = self
        composer.identifier = identifier
        composer.identity.host = identifier.domain
        return composer
    }
}
