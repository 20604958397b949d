package import Mail

/// What became of a test mail and what to do about it, in plain words for whoever set the server up.
package struct MailAdvice: Sendable, Equatable {
    /// What happened, as one sentence.
    package let verdict: String
    /// What to do, the likeliest first; empty when there is nothing to do.
    package let steps: [String]

    /// - Parameters:
    ///   - reply: what an attempt came to.
    ///   - server: where it was made; its host and port decide what is likely.
    package init(_ reply: Reply, server: MailServer) {
        guard reply.classification != .accepted else {
            switch server {
            case .smtp: verdict = "Accepted: the mail server has taken the mail."
            case .maildir: verdict = "Accepted: the mail is in the folder."
            }
            steps = []
            return
        }
        guard let reason = reply.reason, case .smtp(let smtp) = server else {
            verdict = "Not sent: \(reply.text)"
            steps = []
            return
        }
        let place = ServerPlace(smtp)
        verdict = "\(reply.classification == .ambiguous ? "Unknown" : "Not sent"): \(reason.meaning)"
        let own = place.steps(reason)
        steps = own.replacesRemedy ? own.steps : own.steps + [Self.remedy(reason)]
    }

    /// What helps anywhere. A test mail is in no store, so the refusal of its recipient has no consequence yet.
    private static func remedy(_ reason: ReplyReason) -> String {
        guard reason == .recipientRefused else { return reason.remedy }
        return "Correct the address. This test changes nothing; once a rule's mail is refused so, no further one is "
            + "tried until `hookmail suppressed remove ADDRESS`."
    }
}

/// A mail server as its host and port tell of it.
private struct ServerPlace {
    let server: SMTPServer

    init(_ server: SMTPServer) {
        self.server = server
    }

    /// What helps at this place, and whether it says all that the general remedy says.
    func steps(_ reason: ReplyReason) -> (steps: [String], replacesRemedy: Bool) {
        switch reason {
        case .nameNotFound: return (["`getent hosts \(server.host)` shows what this machine finds."], false)
        case .unreachable, .connectTimeout: return (unreachable(reason), false)
        case .noGreeting where server.security == .startTLS:
            let isUsual = server.port == 465
            let why = isUsual ? "Port 465 begins with TLS" : "If port \(server.port) begins with TLS"
            return (["\(why): write `server: smtps://\(server.hostInURL):\(server.port)`."], true)
        case .tlsFailed where server.security == .implicitTLS:
            let isUsual = [25, 587, 2525].contains(server.port)
            let why = isUsual ? "Port \(server.port) begins with a greeting" : "If port \(server.port) greets first"
            return (["\(why): write `server: smtp://\(server.hostInURL):\(server.port)` (STARTTLS)."], !isUsual)
        case .tlsNotOffered, .tlsRefused: return (withoutTLS, false)
        case .certificateUntrusted, .certificateName, .certificateExpired: return certificate(reason)
        case .loginRefused, .loginRequired, .loginMechanism, .senderRefused, .policy, .recipientRefused,
            .tokenRefused, .noToken:
            return (provider(reason).map { [$0] } ?? [], false)
        default: return ([], false)
        }
    }

    private func unreachable(_ reason: ReplyReason) -> [String] {
        if LoopbackHost.contains(server.host) {
            return ["Is the mail server on this machine running? `ss -ltn` shows who listens."]
        }
        let host = server.hostInURL
        switch server.port {
        case 25:
            return ["Many networks let nobody out to port 25: try `smtp://\(host):587`, then `smtps://\(host):465`."]
        case 465: return ["Not every server listens at port 465: try `smtp://\(host):587`."]
        case 587: return ["Not every server listens at port 587: try `smtps://\(host):465`."]
        default: return ["The usual ports are 587 (smtp://) and 465 (smtps://)."]
        }
    }

    private var withoutTLS: [String] {
        if LoopbackHost.contains(server.host) {
            return ["For a relay on this machine that needs no login, add `tls: none` under `mail:`."]
        }
        return server.port == 25 ? ["Port 25 is for servers among themselves: try port 587."] : []
    }

    private func certificate(_ reason: ReplyReason) -> (steps: [String], replacesRemedy: Bool) {
        let way = server.security == .startTLS ? " -starttls smtp" : ""
        let look = "openssl s_client -connect \(server.hostInURL):\(server.port)\(way) </dev/null"
        switch reason {
        case .certificateUntrusted where server.certificateAuthorityFile != nil:
            return (
                [
                    "`ca_file` replaces the system's authorities: it has to hold the one behind this server.",
                    "`\(look) -showcerts` shows what the server presents.",
                ], true
            )
        case .certificateUntrusted: return (["`\(look) -showcerts` shows what the server presents."], false)
        case .certificateName:
            return (["`\(look) | openssl x509 -noout -ext subjectAltName` shows its names."], false)
        default: return (["`\(look) | openssl x509 -noout -dates` shows from when to when it is valid."], false)
        }
    }

    /// What well-known servers want to see of an access token.
    private func tokenAdvice(_ host: String) -> String? {
        if host.hasSuffix("gmail.com") || host.hasSuffix("googlemail.com") {
            return
                "Google: `scope: https://mail.google.com/`, the consent of the very account in `username`, and an "
                + "OAuth client that is published: consents of one in testing end after seven days."
        }
        if host.hasSuffix("office365.com") || host.hasSuffix("outlook.com") {
            return "Microsoft 365: `scope: https://outlook.office365.com/.default`, the application permission "
                + "SMTP.SendAsApp with an administrator's consent, the service principal registered in Exchange "
                + "(New-ServicePrincipal, Add-MailboxPermission), and Authenticated SMTP switched on for the mailbox."
        }
        return nil
    }

    /// What the operators of well-known servers ask for beyond the standard.
    private func provider(_ reason: ReplyReason) -> String? {
        let host = server.host.lowercased()
        let isLogin = [.loginRefused, .loginRequired, .loginMechanism].contains(reason)
        if [.tokenRefused, .noToken].contains(reason) { return tokenAdvice(host) }
        if host.hasSuffix("gmail.com") || host.hasSuffix("googlemail.com") {
            return isLogin
                ? "Google takes an app password here, not the account's: https://myaccount.google.com/apppasswords"
                : nil
        }
        if host.hasSuffix("office365.com") || host.hasSuffix("outlook.com") {
            return isLogin
                ? "Microsoft 365: an administrator has to allow Authenticated SMTP for this mailbox; security defaults "
                    + "forbid passwords here, and from the end of 2026 they are off by default: use `oauth2`."
                : reason == .senderRefused || reason == .policy
                    ? "Microsoft 365: `from` must be the mailbox that logs in, or one it may send as." : nil
        }
        if host.hasSuffix("amazonaws.com") {
            return isLogin
                ? "Amazon SES takes SMTP credentials made in its console for this region; IAM access keys do not work."
                : "Amazon SES: the sender must be verified in this region, and in the sandbox the recipient as well."
        }
        if host.hasSuffix("mailgun.org") {
            return isLogin
                ? "Mailgun takes an SMTP credential of the domain; domains in the EU use smtp.eu.mailgun.org."
                : nil
        }
        if host.hasSuffix("sendgrid.net") {
            return isLogin ? "SendGrid: `username` is the word apikey, and the password is the API key." : nil
        }
        return nil
    }
}
