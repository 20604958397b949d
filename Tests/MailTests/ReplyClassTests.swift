import Mail
import Testing

/// Every row of the table that a transport's signals are judged by.
struct ReplyClassTests {
    struct Row: Sendable {
        var name: String
        var signal: ReplySignal
        var wanted: ReplyClass
    }

    static let rows: [Row] = [
        // Host: unreachable or unwell.
        .init(name: "no such host", signal: .init(stage: .connect, failure: .resolve), wanted: .host),
        .init(name: "refused", signal: .init(stage: .connect, failure: .connect), wanted: .host),
        .init(name: "connect time-out", signal: .init(stage: .connect, failure: .timeout), wanted: .host),
        .init(name: "TLS handshake", signal: .init(stage: .startTLS, code: 220, failure: .handshake), wanted: .host),
        .init(name: "TLS time-out", signal: .init(stage: .startTLS, code: 220, failure: .timeout), wanted: .host),
        .init(name: "reset", signal: .init(stage: .hello, code: 220, failure: .lost), wanted: .host),
        .init(
            name: "greeting 4yz", signal: .init(stage: .greeting, code: 450, failure: .unexpectedReply), wanted: .host),
        .init(
            name: "greeting 5yz", signal: .init(stage: .greeting, code: 554, failure: .unexpectedReply), wanted: .host),
        .init(
            name: "421 greeting", signal: .init(stage: .greeting, code: 421, failure: .unexpectedReply), wanted: .host),
        .init(name: "421 at RCPT", signal: .init(stage: .recipient, code: 421, failure: .lost), wanted: .host),
        .init(
            name: "421, AUTH", signal: .init(stage: .authentication, code: 421, failure: .loginDenied), wanted: .host),
        .init(name: "421 at the dot", signal: .init(stage: .content, code: 421, failure: .lost), wanted: .host),
        .init(name: "time-out at DATA", signal: .init(stage: .data, code: 250, failure: .timeout), wanted: .host),
        .init(name: "EHLO 4yz", signal: .init(stage: .hello, code: 451, failure: .helloRefused), wanted: .host),
        // Our configuration.
        .init(
            name: "STARTTLS missing", signal: .init(stage: .startTLS, code: 250, failure: .tlsUnavailable),
            wanted: .configuration),
        .init(
            name: "STARTTLS denied", signal: .init(stage: .startTLS, code: 502, failure: .tlsUnavailable),
            wanted: .configuration),
        .init(
            name: "454 at STARTTLS", signal: .init(stage: .startTLS, code: 454, failure: .tlsUnavailable), wanted: .host
        ),
        .init(
            name: "EHLO refused", signal: .init(stage: .hello, code: 502, failure: .helloRefused),
            wanted: .configuration),
        .init(
            name: "certificate", signal: .init(stage: .startTLS, code: 220, failure: .certificate),
            wanted: .configuration),
        .init(
            name: "certificate, smtps", signal: .init(stage: .connect, failure: .certificate), wanted: .configuration),
        .init(
            name: "535", signal: .init(stage: .authentication, code: 535, failure: .loginDenied), wanted: .configuration
        ),
        .init(
            name: "534", signal: .init(stage: .authentication, code: 534, failure: .loginDenied), wanted: .configuration
        ),
        .init(
            name: "538", signal: .init(stage: .authentication, code: 538, failure: .loginDenied), wanted: .configuration
        ),
        .init(name: "530 at MAIL", signal: .init(stage: .sender, code: 530, failure: .lost), wanted: .configuration),
        .init(name: "530 at RCPT", signal: .init(stage: .recipient, code: 530, failure: .lost), wanted: .configuration),
        .init(
            name: "67 without code", signal: .init(stage: .authentication, code: 334, failure: .loginDenied),
            wanted: .configuration),
        .init(name: "MAIL 550", signal: .init(stage: .sender, code: 550, failure: .lost), wanted: .configuration),
        .init(name: "MAIL 553", signal: .init(stage: .sender, code: 553, failure: .lost), wanted: .configuration),
        .init(name: "MAIL 501", signal: .init(stage: .sender, code: 501, failure: .lost), wanted: .configuration),
        // Transient.
        .init(
            name: "454 at AUTH",
            signal: .init(stage: .authentication, code: 454, enhancedCode: "4.7.0", failure: .loginDenied),
            wanted: .transient),
        .init(name: "MAIL 450", signal: .init(stage: .sender, code: 450, failure: .lost), wanted: .transient),
        .init(name: "MAIL 451", signal: .init(stage: .sender, code: 451, failure: .lost), wanted: .transient),
        .init(
            name: "MAIL 452", signal: .init(stage: .sender, code: 452, enhancedCode: "4.3.1", failure: .lost),
            wanted: .transient),
        .init(
            name: "mailbox full, 452",
            signal: .init(stage: .recipient, code: 452, enhancedCode: "4.2.2", failure: .lost), wanted: .transient),
        .init(
            name: "mailbox full, 552",
            signal: .init(stage: .recipient, code: 552, enhancedCode: "5.2.2", failure: .lost), wanted: .transient),
        .init(
            name: "mailbox full, 450",
            signal: .init(stage: .recipient, code: 450, enhancedCode: "4.2.2", failure: .lost), wanted: .transient),
        .init(
            name: "dot 4yz", signal: .init(stage: .content, code: 451, failure: .unexpectedReply), wanted: .transient),
        .init(name: "DATA 4yz", signal: .init(stage: .data, code: 450, failure: .lost), wanted: .transient),
        .init(name: "unknown", signal: .init(stage: .recipient, code: 299, failure: .other), wanted: .transient),
        .init(
            name: "cancelled", signal: .init(stage: .recipient, code: 250, failure: .cancelled),
            wanted: .notAttempted),
        // Greylisting.
        .init(
            name: "450 4.7.1", signal: .init(stage: .recipient, code: 450, enhancedCode: "4.7.1", failure: .lost),
            wanted: .greylisted),
        .init(
            name: "451 4.7.1", signal: .init(stage: .recipient, code: 451, enhancedCode: "4.7.1", failure: .lost),
            wanted: .greylisted),
        .init(
            name: "450 4.2.0", signal: .init(stage: .recipient, code: 450, enhancedCode: "4.2.0", failure: .lost),
            wanted: .greylisted),
        .init(name: "450", signal: .init(stage: .recipient, code: 450, failure: .lost), wanted: .greylisted),
        // The address.
        .init(
            name: "550 5.1.1", signal: .init(stage: .recipient, code: 550, enhancedCode: "5.1.1", failure: .lost),
            wanted: .recipientRefused),
        .init(name: "550", signal: .init(stage: .recipient, code: 550, failure: .lost), wanted: .recipientRefused),
        .init(name: "551", signal: .init(stage: .recipient, code: 551, failure: .lost), wanted: .recipientRefused),
        .init(name: "553", signal: .init(stage: .recipient, code: 553, failure: .lost), wanted: .recipientRefused),
        // The sender, judged at RCPT only.
        .init(
            name: "553 5.1.8 at RCPT",
            signal: .init(stage: .recipient, code: 553, enhancedCode: "5.1.8", failure: .lost), wanted: .configuration),
        .init(
            name: "550 5.1.7 at RCPT",
            signal: .init(stage: .recipient, code: 550, enhancedCode: "5.1.7", failure: .lost), wanted: .configuration),
        // This mail.
        .init(
            name: "553 5.7.1 at RCPT",
            signal: .init(stage: .recipient, code: 553, enhancedCode: "5.7.1", failure: .lost), wanted: .permanent),
        .init(
            name: "550 5.7.1 at RCPT",
            signal: .init(stage: .recipient, code: 550, enhancedCode: "5.7.1", failure: .lost), wanted: .permanent),
        .init(
            name: "554 5.7.1 at RCPT",
            signal: .init(stage: .recipient, code: 554, enhancedCode: "5.7.1", failure: .lost), wanted: .permanent),
        .init(
            name: "554 5.7.1 at the dot",
            signal: .init(stage: .content, code: 554, enhancedCode: "5.7.1", failure: .unexpectedReply),
            wanted: .permanent),
        .init(
            name: "550 at the dot", signal: .init(stage: .content, code: 550, failure: .unexpectedReply),
            wanted: .permanent),
        .init(
            name: "552 5.3.4 at MAIL", signal: .init(stage: .sender, code: 552, enhancedCode: "5.3.4", failure: .lost),
            wanted: .permanent),
        .init(
            name: "552 5.3.4 at RCPT",
            signal: .init(stage: .recipient, code: 552, enhancedCode: "5.3.4", failure: .lost), wanted: .permanent),
        .init(
            name: "552 5.2.3 at the dot",
            signal: .init(stage: .content, code: 552, enhancedCode: "5.2.3", failure: .unexpectedReply),
            wanted: .permanent),
        // Done.
        .init(name: "250", signal: .init(stage: .content, code: 250), wanted: .accepted),
        .init(
            name: "251 as 8", signal: .init(stage: .content, code: 251, failure: .unexpectedReply), wanted: .accepted),
        // Perhaps done.
        .init(
            name: "recipient needs SMTPUTF8",
            signal: .init(stage: .recipient, code: 250, failure: .smtpUTF8Unavailable),
            wanted: .permanent),
        .init(
            name: "sender needs SMTPUTF8", signal: .init(stage: .sender, code: 250, failure: .smtpUTF8Unavailable),
            wanted: .configuration),
        .init(name: "lost after 354", signal: .init(stage: .content, code: 354, failure: .lost), wanted: .ambiguous),
        .init(
            name: "time-out after 354", signal: .init(stage: .content, code: 354, failure: .timeout), wanted: .ambiguous
        ),
        .init(
            name: "cancelled after 354", signal: .init(stage: .content, code: 354, failure: .cancelled),
            wanted: .ambiguous),
    ]

    @Test(arguments: rows.indices)
    func aSignalHasTheClassOfItsRow(index: Int) {
        let row = Self.rows[index]
        #expect(ReplyClass(row.signal) == row.wanted, "\(row.name)")
    }

    @Test func everyClassIsReached() {
        #expect(Set(Self.rows.map(\.wanted)) == Set(ReplyClass.allCases))
    }

    @Test func everySignalHasAClassAndOnlyA2yzOrSuccessIsAccepted() {
        for stage in ReplySignal.Stage.allCases {
            for failure in ReplySignal.Failure.allCases {
                for code in [nil, 0, 220, 250, 334, 354, 421, 450, 535, 550, 999] as [Int?] {
                    let signal = ReplySignal(stage: stage, code: code, failure: failure)
                    let isAccepted = stage == .content && failure == .unexpectedReply && (code == 220 || code == 250)
                    #expect((ReplyClass(signal) == .accepted) == isAccepted)
                }
            }
        }
    }

    @Test func aStaleConnectionIsTriedAgainAtOnceButNeverAfterThe354() {
        func deserves(_ stage: ReplySignal.Stage, _ code: Int?, reused: Bool = true) -> Bool {
            ReplySignal(stage: stage, code: code, failure: .lost, isReusedConnection: reused).deservesFreshConnection
        }
        #expect(deserves(.sender, 421) && deserves(.sender, nil) && deserves(.sender, 0))
        #expect(!deserves(.sender, 421, reused: false) && !deserves(.content, 354) && !deserves(.sender, 550))
    }
}
