/// A mail server that could not take a message, which then went on to the next one.
package struct PassedOverServer: Sendable, Equatable {
    /// As the configuration has it: `smtp://smtp.example.com:587`.
    package let name: String
    /// Whether it could not be reached or refused our configuration.
    package let classification: ReplyClass
    /// Why it was passed over, as a constant word.
    package let reason: ReplyReason?

    package init(name: String, reply: Reply) {
        self.name = name
        self.classification = reply.classification
        self.reason = reply.reason
    }
}

extension Reply {
    /// The most characters of a reply's text.
    package static let textCharactersMax = 500

    /// The same reply with the name of the server it is from in its text, where a person reads it, and the servers that
    /// were passed over.
    package func through(_ server: String, passing passedOver: [PassedOverServer]) -> Reply {
        Reply(
            classification: classification, code: code, enhancedCode: enhancedCode,
            text: String("\(server): \(text)".prefix(Self.textCharactersMax)), reason: reason, passedOver: passedOver)
    }
}
