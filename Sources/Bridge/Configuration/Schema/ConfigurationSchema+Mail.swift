/// `mail`: the keys that `ConfigurationReader+Mail` reads.
extension ConfigurationSchema {
    static var mail: SchemaNode {
        .object(
            "'mail'",
            identity + [
                mailbox.described(
                    "Who the mails come from.", examples: ["Hookmail <alerts@example.com>", "alerts@example.com"]
                ).key("from", isRequired: true),
                server(pattern: "^(\(serverPattern)|maildir:(?!//).+)$")
                    .described(
                        "What takes the mails: smtp:// demands STARTTLS (port 587), smtps:// begins with TLS "
                            + "(port 465), maildir: keeps them as files in a folder.",
                        examples: ["smtp://smtp.example.com:587", "smtps://smtp.example.com", "maildir:./mail"]
                    ).key("server", isRequired: true),
            ] + access + [
                SchemaNode.oneOrList(of: fallbackServer, countMax: MailConfiguration.fallbackMax).described(
                    "Mail servers that take the mails, in this order, while the ones before are not well."
                ).key("fallback"),
                throttle.described(
                    "How many mails leave in how long, all rules together. What is more goes into one summary for "
                        + "each recipient.", examples: ["60 per 1h"]
                ).key("at_most"),
                SchemaNode.oneOrList(of: SchemaNode.text(bytesMax: 320), countMax: OperatorSettings.addressesMax)
                    .described(
                        "Addresses that are told of trouble with Hookmail itself (at most one mail an hour), and "
                            + "how the rules fared. Nobody is, where there is none.", examples: ["ops@example.com"]
                    ).key("operators"),
                SchemaNode.text(bytesMax: 200).described(
                    "When the report about the rules goes to the operators, or `never`.",
                    standard: OperatorSettings.standardReport, examples: ["weekly on mon at 09:00 Europe/Berlin"]
                ).key("report"),
            ]
        ).described("How mails leave.")
    }

    /// A server of SMTP, more loosely than it is read.
    private static let serverPattern =
        #"smtps?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][A-Za-z0-9_.-]*)(:[0-9]{1,5})?/?"#

    private static func server(pattern: String) -> SchemaNode { SchemaNode.text(pattern: pattern, bytesMax: 4_096) }

    private static var fallbackServer: SchemaNode {
        .object(
            "a fallback server",
            [
                server(pattern: "^\(serverPattern)$")
                    .described("The mail server.", examples: ["smtps://backup.example.com"])
                    .key("server", isRequired: true)
            ] + access)
    }

    /// How a mail server is spoken with.
    private static var access: [SchemaNode.Key] {
        [
            SchemaNode.text(bytesMax: 320, orNumber: true).described("Who signs in at the mail server.")
                .key("username"),
            secret().described("The password, as in `{env: SMTP_PASSWORD}`.").key("password"),
            oauth2.key("oauth2"),
            SchemaNode.choice(of: ["none"]).described(
                "`none` sends without TLS to a relay on loopback, never with a password."
            ).key("tls"),
            path.described(
                "A PEM file of certificate authorities to trust instead of the system's.", examples: ["./ca.pem"]
            ).key("ca_file"),
            path.described(
                "A PEM file with Hookmail's own certificate, for servers that ask for one.",
                examples: ["./hookmail.pem"]
            ).key("cert_file"),
            path.described(
                "A PEM file with the private key of `cert_file`, without a passphrase, unless it stands in that file.",
                examples: ["./hookmail.key"]
            ).key("key_file"),
            SchemaNode.whole(1...Int64(SMTPServer.connectionsMax)).described(
                "How many connections to the server there may be at a time.", standard: "4"
            ).key("connections"),
            throttle.described(
                "How many mails the server is given in how long. What is more waits.", examples: ["30 per 1m"]
            ).key("rate"),
        ]
    }

    private static var oauth2: SchemaNode {
        .object(
            "'oauth2'",
            [
                SchemaNode.text(pattern: "^https?://[^ #]+$", bytesMax: 2_000).described(
                    "Where access tokens are asked for.", examples: ["https://oauth2.googleapis.com/token"]
                ).key("token_url", isRequired: true),
                SchemaNode.text(bytesMax: 1_000, orNumber: true).described("The application's name there.")
                    .key("client_id", isRequired: true),
                secret().described("The application's secret; without `refresh_token` it alone gives access.")
                    .key("client_secret"),
                secret().described("The token of a person's consent.").key("refresh_token"),
                SchemaNode.text(bytesMax: 2_000).described(
                    "What the token is to be good for.", examples: ["https://mail.google.com/"]
                ).key("scope"),
                path.described(
                    "A PEM file of certificate authorities to trust for `token_url` instead of the system's."
                ).key("ca_file"),
            ]
        ).described("Access tokens (OAuth 2) in the place of a password.")
    }

    /// A name with an address, or an address.
    private static let mailbox = SchemaNode.text(pattern: #"^([^@]*<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)$"#)
    private static let domainName = SchemaNode.text(
        pattern: #"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$"#, bytesMax: 253)

    /// The keys that `ConfigurationReader+Identity` reads.
    private static var identity: [SchemaNode.Key] {
        let key = SchemaNode.object(
            "'dkim'",
            [
                domainName.described(
                    "The domain that signs, where it is not that of `from`.", examples: ["example.com"]
                ).key("domain"),
                domainName.described(
                    "DNS has what verifies the signatures at SELECTOR._domainkey.DOMAIN.", examples: ["hookmail"]
                ).key("selector", isRequired: true),
                secret().described("The private key in PEM, RSA or Ed25519: `{file: ./dkim.pem}`.")
                    .key("key", isRequired: true),
            ])
        return [
            mailbox.described(
                "Who hands the mails in, where that is not who they come from: the field Sender, and the address that "
                    + "bounces go to.", examples: ["bounces@example.com"]
            ).key("sender"),
            mailbox.described("Where answers go, where not to `from`.", examples: ["llm-team@example.com"])
                .key("reply_to"),
            SchemaNode.choice(of: ConfigurationReader.addressings).described(
                "`each` addresses every recipient alone; with `all` everybody sees who else gets the mail.",
                standard: "each"
            ).key("addressed_to"),
            SchemaNode.oneOrList(of: key, countMax: ConfigurationReader.dkimKeysMax).described(
                "Signs mails in the domain's name (DKIM), where the mail server does not do so already."
            ).key("dkim"),
        ]
    }
}
