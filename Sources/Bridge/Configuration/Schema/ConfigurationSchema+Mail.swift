/// `mail`: the keys that `ConfigurationReader+Mail` reads.
extension ConfigurationSchema {
    static var mail: SchemaNode {
        let server = SchemaNode.text(
            pattern: #"^(smtps?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][A-Za-z0-9_.-]*)(:[0-9]{1,5})?/?|maildir:(?!//).+)$"#,
            bytesMax: 4_096)
        return .object(
            "'mail'",
            [
                SchemaNode.text(pattern: #"^([^@]*<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)$"#).described(
                    "Who the mails come from.", examples: ["Hookmail <alerts@example.com>", "alerts@example.com"]
                ).key("from", isRequired: true),
                server.described(
                    "What takes the mails: smtp:// demands STARTTLS (port 587), smtps:// begins with TLS (port 465), "
                        + "maildir: keeps them as files in a folder.",
                    examples: ["smtp://smtp.example.com:587", "smtps://smtp.example.com", "maildir:./mail"]
                ).key("server", isRequired: true),
                SchemaNode.text(bytesMax: 320, orNumber: true).described("Who signs in at the mail server.")
                    .key("username"),
                secret().described("The password, as in `{env: SMTP_PASSWORD}`.").key("password"),
                SchemaNode.choice(of: ["none"]).described(
                    "`none` sends without TLS to a relay on loopback, never with a password."
                ).key("tls"),
                path.described(
                    "A PEM file of certificate authorities to trust instead of the system's.", examples: ["./ca.pem"]
                ).key("ca_file"),
                throttle.described(
                    "How many mails leave in how long, all rules together. What is more goes into one summary for "
                        + "each recipient.", examples: ["60 per 1h"]
                ).key("at_most"),
            ]
        ).described("How mails leave.")
    }
}
