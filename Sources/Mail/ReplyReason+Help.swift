/// What a reason means and what helps, in words for the operator. They are constant: nothing of a server, an address or
/// a secret stands in them, so that they may go into logs.
extension ReplyReason {
    /// What is wrong, as a sentence.
    package var meaning: String {
        switch self {
        case .nameNotFound: "The mail server's name cannot be found."
        case .unreachable: "The mail server takes no connection."
        case .connectTimeout: "Nobody answers at the mail server's address and port."
        case .noGreeting: "The mail server takes the connection and says nothing."
        case .greetingRefused: "The mail server turns this machine away with its first words."
        case .helloRefused: "The mail server refuses the name that Hookmail gives with EHLO."
        case .tlsNotOffered: "The mail server does not offer STARTTLS, and nothing is sent without it."
        case .tlsRefused: "The mail server refuses STARTTLS, and nothing is sent without it."
        case .tlsFailed: "Hookmail and the mail server do not agree on TLS."
        case .certificateUntrusted: "No authority that Hookmail trusts stands behind the mail server's certificate."
        case .certificateExpired: "The mail server's certificate has expired or is not valid yet."
        case .certificateName: "The mail server's certificate is for another name."
        case .authorityFile: "The file of certificate authorities cannot be used."
        case .loginNotOffered: "A login is configured, and the mail server offers none."
        case .loginMechanism: "The mail server offers logins, but none that the configuration can use."
        case .loginRefused: "The mail server refuses the user name or the password."
        case .loginUnavailable: "The mail server cannot check the login at the moment."
        case .loginRequired: "The mail server wants a login first."
        case .tokenRefused: "The mail server refuses the access token."
        case .noToken: "The token server gives Hookmail no access token for the mail server."
        case .tokenUnavailable: "The token server cannot be reached or is unwell."
        case .ownCertificate: "Hookmail's own certificate or its key cannot be used."
        case .senderRefused: "The mail server refuses the sender's address."
        case .recipientRefused: "The mail server refuses the recipient's address for good."
        case .suppressed: "The recipient's address was refused for good before, so the mail was not tried."
        case .policy: "The mail server refuses mail from here to this recipient."
        case .mailboxFull: "The recipient's mailbox is full."
        case .smtpUTF8NotOffered:
            "An address with letters beyond ASCII needs SMTPUTF8, which the mail server does not offer."
        case .greylisted: "The mail server wants to be asked again later."
        case .tooLarge: "The message is larger than the mail server takes."
        case .contentRefused: "The mail server refuses the text of the mail."
        case .deferred: "The mail server has a passing fault."
        case .busy: "The mail server is busy or shutting down."
        case .replyTimeout: "The mail server did not reply in time."
        case .connectionLost: "The connection to the mail server broke."
        case .replyLost: "The connection ended after the text: the mail may have arrived."
        case .stalled: "The mail server stopped taking the text."
        case .unexpectedReply: "The mail server said what no mail server says there."
        case .shutdown: "Hookmail was shut down."
        case .transportFault: "The connection failed on this machine."
        }
    }

    /// What to do about it, as a sentence.
    package var remedy: String {
        switch self {
        case .nameNotFound: "Check the name in `mail.server`, and whether this machine can look names up."
        case .unreachable, .connectTimeout:
            "Check name and port in `mail.server`, and whether a firewall lets this machine out to that port."
        case .noGreeting: "The port may want TLS from the first byte: then write smtps:// instead of smtp://."
        case .greetingRefused: "The reply says why; often the server does not take mail from this network."
        case .helloRefused: "Give this machine a host name that the server accepts, or send through another server."
        case .tlsNotOffered, .tlsRefused:
            "Check the port in `mail.server` (587 with smtp://, 465 with smtps://); only a relay on this machine may "
                + "do without TLS, with `tls: none`."
        case .tlsFailed:
            "Write smtps:// for a port that begins with TLS (465), smtp:// for one that greets first (587, 25)."
        case .certificateUntrusted: "If the server has an authority of its own, name that in `mail.ca_file`."
        case .certificateExpired: "Renew the certificate on the mail server; check this machine's clock, too."
        case .certificateName: "Write the name that the certificate is for in `mail.server`."
        case .authorityFile: "Check that `mail.ca_file` is readable and holds certificates in PEM form."
        case .loginNotOffered: "Remove `username` and `password`, or use the port that asks for a login (587 or 465)."
        case .loginMechanism:
            "Allow PLAIN or LOGIN on the server (for `oauth2` OAUTHBEARER or XOAUTH2); they are sent under TLS only."
        case .loginRefused: "Check `username` and `password`; many providers want an app password made for this."
        case .loginUnavailable, .deferred, .busy, .replyTimeout, .connectionLost, .stalled, .unexpectedReply:
            "Mails are tried again by themselves; if it stays so, ask whoever runs the server."
        case .loginRequired: "Give `username` and `password` under `mail:`."
        case .tokenRefused:
            "Check that the token is for this mailbox: `username`, `scope`, and what the account may do."
        case .noToken:
            "Check `token_url`, `client_id`, `scope` and the secrets under `oauth2`; a consent may have ended."
        case .tokenUnavailable:
            "Mails are tried again by themselves; check `token_url` and whether this machine reaches it."
        case .ownCertificate: "Check that `cert_file` and `key_file` are readable, in PEM form, and belong together."
        case .senderRefused: "Write an address in `from` that this server, or this login, may send as."
        case .recipientRefused:
            "Correct the address; no further mail is tried for this one until `hookmail suppressed remove ADDRESS`."
        case .suppressed:
            "See `hookmail suppressed list`; `hookmail suppressed remove ADDRESS` lets mails go there again."
        case .policy:
            "The reply says why; often the server wants a login, or lets this login send as other addresses only."
        case .mailboxFull: "Tell the recipient; mails are tried again for a day."
        case .smtpUTF8NotOffered:
            "Use an ASCII address of the same mailbox, or a server that offers SMTPUTF8; it may be one of `fallback`."
        case .greylisted: "Nothing: mails are tried again after five minutes at the earliest."
        case .tooLarge: "Nothing: a short form of the mail is sent once; or raise the server's limit."
        case .contentRefused: "The reply says why; often a filter took the mail for spam."
        case .replyLost: "Look into the mailbox; Hookmail sends the mail again with the same Message-ID."
        case .shutdown: "Nothing: the mail goes out after the next start."
        case .transportFault: "The text of the reply says more."
        }
    }
}
