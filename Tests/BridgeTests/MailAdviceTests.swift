import Events
import Mail
import Testing

@testable import Bridge

/// What is advised depends on the reason, the host and the port.
struct MailAdviceTests {
    private func advice(
        _ reason: ReplyReason, host: String = "smtp.example.com", port: Int = 587,
        security: SMTPServer.Security = .startTLS
    ) -> [String] {
        let server = SMTPServer(
            host: host, port: port, security: security, credentials: nil, certificateAuthorityFile: nil)
        let reply = Reply(classification: .configuration, text: "", reason: reason)
        return MailAdvice(reply, server: .smtp(server)).steps
    }

    @Test func everyReasonHasSomethingToDoAtEveryKindOfServer() {
        for reason in ReplyReason.allCases {
            for (port, security) in [(25, .startTLS), (587, .startTLS), (465, .implicitTLS)]
                as [(Int, SMTPServer.Security)]
            {
                let steps = advice(reason, port: port, security: security)
                #expect(!steps.isEmpty && steps.allSatisfy { !$0.isEmpty }, "\(reason)")
            }
        }
    }

    @Test func theWrongKindOfPortIsNamedWithWhatToWrite() {
        #expect(advice(.noGreeting, port: 465)[0].contains("write `server: smtps://smtp.example.com:465`"))
        #expect(
            advice(.tlsFailed, port: 587, security: .implicitTLS)[0].contains(
                "write `server: smtp://smtp.example.com:587`"))
        #expect(advice(.connectTimeout, port: 25)[0].contains("587"))
        #expect(advice(.connectTimeout, port: 465, security: .implicitTLS)[0].contains("smtp://smtp.example.com:587"))
        #expect(advice(.unreachable, host: "127.0.0.1", port: 25)[0].contains("on this machine"))
        #expect(advice(.tlsNotOffered, host: "localhost", port: 25)[0].contains("tls: none"))
        #expect(advice(.noGreeting, host: "::1", port: 465)[0].contains("smtps://[::1]:465"))
    }

    @Test(arguments: [
        ("smtp.gmail.com", "app password"), ("smtp.office365.com", "Authenticated SMTP"),
        ("email-smtp.eu-west-1.amazonaws.com", "SMTP credentials"), ("smtp.mailgun.org", "SMTP credential"),
        ("smtp.sendgrid.net", "apikey"),
    ])
    func knownServersHaveTheirOwnWayOfLoggingIn(host: String, words: String) {
        #expect(advice(.loginRefused, host: host).first?.contains(words) == true)
        #expect(advice(.mailboxFull, host: host).count == 1)
    }

    @Test func aRefusedTestMailPromisesNoSuppression() {
        #expect(advice(.recipientRefused).count == 1)
        #expect(advice(.recipientRefused)[0].contains("This test changes nothing"))
        #expect(advice(.recipientRefused)[0] != ReplyReason.recipientRefused.remedy)
    }

    @Test func tokensHaveTheirOwnAdvice() {
        for reason in [ReplyReason.tokenRefused, .noToken] {
            #expect(advice(reason, host: "smtp.gmail.com").first?.contains("https://mail.google.com/") == true)
            #expect(advice(reason, host: "smtp.office365.com").first?.contains("SMTP.SendAsApp") == true)
            #expect(advice(reason).count == 1)
        }
    }

    @Test func anAcceptedMailNeedsNothing() {
        let advice = MailAdvice(
            Reply(classification: .accepted, code: 250, text: "250 ok"), server: .maildir(path: "m"))
        #expect(advice.steps.isEmpty)
        #expect(advice.verdict.hasPrefix("Accepted"))
    }
}
