import ArgumentParser
import Bridge
import Events
import Mail
import Rendering

/// Test mails on their way: each to one recipient, in a transaction of its own.
struct TestDelivery {
    /// What became of one test mail.
    struct Result {
        let recipient: Address
        let messageID: String
        let reply: Reply
        let advice: MailAdvice

        /// The exit code that this mail alone would give.
        var exitCode: ExitCode {
            switch reply.classification {
            case .accepted: .success
            case .configuration: .badConfiguration
            case .host: .unavailable
            case .transient, .greylisted, .ambiguous, .notAttempted: .tryAgain
            case .permanent, .recipientRefused: .foundFault
            }
        }
    }

    let mail: MailConfiguration
    let composer: Composer
    let transport: any MailTransport
    /// Where a person reads along; `nil` for programs.
    let printer: DialoguePrinter?

    /// Sends to one after the other. A fault of the host or the configuration would meet every further mail, so it ends
    /// the sending.
    func send(to recipients: [Address]) async throws -> [Result] {
        var results: [Result] = []
        for recipient in recipients {
            printer?.title("Test mail from \(mail.from.address) to \(recipient) through \(mail.server.text)")
            let now = SystemClock().now()
            let own = OwnMail.test(
                from: mail.from.address.description, to: recipient.description, through: mail.server.text, at: now)
            let composed = composer.compose(own, to: recipient, now: now)
            if let fault = composed.templateFault {
                Terminal.err("Template fault, the built-in plain one was used: \(fault)")
            }
            let message = composed.message
            let reply = await transport.send(message)
            let result = Result(
                recipient: recipient, messageID: message.messageID, reply: reply,
                advice: MailAdvice(reply, server: mail.server))
            printer?.verdict(result)
            results.append(result)
            if reply.classification == .host || reply.classification == .configuration { break }
        }
        if results.count < recipients.count {
            printer?.title("\(recipients.count - results.count) more not tried: they would meet the same.")
        }
        return results
    }

    /// Everything as JSON.
    func report(_ results: [Result], dialogue: [(kind: String, text: String)]) -> JSONValue {
        var object = JSONObject()
        object["server"] = .string(mail.server.text)
        object["from"] = .string(mail.from.address.description)
        object["mails"] = .array(
            results.map { result in
                var mail = JSONObject()
                mail["to"] = .string(result.recipient.description)
                mail["message_id"] = .string(result.messageID)
                mail["accepted"] = .bool(result.reply.classification == .accepted)
                mail["reply"] = result.reply.json
                mail["verdict"] = .string(result.advice.verdict)
                mail["passed_over"] = .array(
                    result.reply.passedOver.map { server in
                        .object(
                            JSONObject([
                                ("server", .string(server.name)), ("class", .string(server.classification.rawValue)),
                                ("reason", server.reason.map { .string($0.rawValue) } ?? .null),
                            ]))
                    })
                mail["steps"] = .array(result.advice.steps.map { .string($0) })
                return .object(mail)
            })
        object["dialogue"] = .array(
            dialogue.map { line in
                var object = JSONObject()
                object["kind"] = .string(line.kind)
                object["text"] = .string(line.text)
                return .object(object)
            })
        return .object(object)
    }
}
