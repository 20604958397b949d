import Mail
import Testing

/// The constant word for what was wrong, and the words that people read for it.
struct ReplyReasonTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var signal: ReplySignal
        var wanted: ReplyReason?
        var testDescription: String { "\(signal.stage) \(signal.code ?? 0) is \(wanted?.rawValue ?? "accepted")" }
    }

    private static func row(
        _ stage: ReplySignal.Stage, _ code: Int?, _ failure: ReplySignal.Failure?, _ wanted: ReplyReason?,
        enhanced: String? = nil
    ) -> Row {
        Row(signal: ReplySignal(stage: stage, code: code, enhancedCode: enhanced, failure: failure), wanted: wanted)
    }

    static let rows: [Row] = [
        row(.content, 250, nil, nil), row(.content, 251, .unexpectedReply, nil),
        row(.connect, nil, .resolve, .nameNotFound), row(.connect, nil, .connect, .unreachable),
        row(.connect, nil, .timeout, .connectTimeout), row(.greeting, nil, .timeout, .noGreeting),
        row(.greeting, 554, .unexpectedReply, .greetingRefused), row(.hello, 502, .helloRefused, .helloRefused),
        row(.hello, 250, .tlsUnavailable, .tlsNotOffered), row(.startTLS, 454, .tlsUnavailable, .tlsRefused),
        row(.recipient, 250, .smtpUTF8Unavailable, .smtpUTF8NotOffered),
        row(.hello, 220, .handshake, .tlsFailed), row(.hello, 220, .certificate, .certificateUntrusted),
        row(.authentication, 535, .loginDenied, .loginRefused),
        row(.authentication, 454, .loginDenied, .loginUnavailable),
        row(.sender, 530, .lost, .loginRequired), row(.sender, 553, .lost, .senderRefused),
        row(.sender, 552, .lost, .tooLarge, enhanced: "5.3.4"), row(.sender, 451, .lost, .deferred),
        row(.recipient, 550, .lost, .recipientRefused, enhanced: "5.1.1"),
        row(.recipient, 553, .lost, .senderRefused, enhanced: "5.1.8"),
        row(.recipient, 550, .lost, .policy, enhanced: "5.7.1"), row(.recipient, 452, .lost, .mailboxFull),
        row(.recipient, 450, .lost, .greylisted, enhanced: "4.7.1"),
        row(.recipient, 452, .lost, .deferred, enhanced: "4.3.1"), row(.recipient, 552, .lost, .mailboxFull),
        row(.content, 552, .unexpectedReply, .tooLarge), row(.content, 554, .unexpectedReply, .contentRefused),
        row(.content, 451, .unexpectedReply, .deferred), row(.recipient, 421, .lost, .busy),
        row(.recipient, 250, .timeout, .replyTimeout), row(.recipient, 250, .lost, .connectionLost),
        row(.content, 354, .lost, .replyLost), row(.content, 354, .timeout, .replyLost),
        row(.recipient, 250, .cancelled, .shutdown), row(.recipient, 250, .unexpectedReply, .unexpectedReply),
        row(.connect, nil, .other, .transportFault),
    ]

    @Test(arguments: rows)
    func aSignalHasTheReasonOfItsRow(row: Row) {
        #expect(ReplyReason(row.signal) == row.wanted)
    }

    /// What a signal alone cannot tell, and a transport adds.
    static let ofTransports: Set<ReplyReason> = [
        .certificateExpired, .certificateName, .authorityFile, .ownCertificate, .loginNotOffered, .loginMechanism,
        .tokenRefused, .noToken, .tokenUnavailable, .stalled, .suppressed,
    ]

    @Test func everyReasonIsReached() {
        #expect(Set(Self.rows.compactMap(\.wanted)).union(Self.ofTransports) == Set(ReplyReason.allCases))
    }

    @Test func everySignalThatIsNotAcceptedHasAReason() {
        for stage in ReplySignal.Stage.allCases {
            for failure in ReplySignal.Failure.allCases {
                for code in [nil, 0, 220, 250, 334, 354, 421, 450, 452, 530, 535, 550, 552, 999] as [Int?] {
                    let signal = ReplySignal(stage: stage, code: code, failure: failure)
                    #expect((ReplyReason(signal) == nil) == (ReplyClass(signal) == .accepted), "\(signal)")
                }
            }
        }
    }

    @Test(arguments: ReplyReason.allCases)
    func everyReasonIsAConstantWordWithSentencesForPeople(reason: ReplyReason) {
        #expect(reason.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F })
        for sentence in [reason.meaning, reason.remedy] {
            #expect(sentence.hasSuffix(".") && sentence.first?.isUppercase == true, "\(sentence)")
            #expect(!sentence.contains("@"), "no address stands in a constant sentence")
        }
    }
}
