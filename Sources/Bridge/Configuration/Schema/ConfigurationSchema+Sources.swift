import Events

/// `sources`: the keys that `ConfigurationReader+Sources` and `+Secrets` read.
extension ConfigurationSchema {
    static var sources: SchemaNode {
        .named(
            source, namePattern: #"^[A-Za-z0-9._-]{1,\#(ConfigurationReader.sourceNameBytesMax)}$"#,
            countMin: 1, countMax: ConfigurationReader.sourcesMax
        )
        .described("Who may send, by a name of your choice that events carry as the fact `source`.")
    }

    private static var source: SchemaNode {
        let path = SchemaNode.text(
            pattern: #"^/[A-Za-z0-9._~/-]*$"#, bytesMax: ConfigurationReader.sourcePathBytesMax)
        let until = SchemaNode.text(pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$").described(
            "The last day, in UTC, on which it is accepted.", examples: ["2026-12-31"])
        return .object(
            "a source",
            [
                path.described(
                    "The path of the webhook's URL, with or without the last slash.", examples: ["/api/webhook/"]
                ).key("path", isRequired: true),
                verify.key("verify", isRequired: true),
                SchemaNode.oneOrList(
                    of: secret([until.key("until")]), countMax: ConfigurationReader.secretsMax
                ).described(
                    "The secrets that deliveries may be signed with. Several may be in use at once while you change "
                        + "them: `[{file: ./hookmail.secret}, {env: OLD_SECRET, until: 2026-12-31}]`. "
                        + "Every scheme but `none` needs one."
                ).key("secrets"),
                SchemaNode.oneOrList(of: addressBlock, countMax: ConfigurationReader.blocksMax).described(
                    "The addresses that may send, as in `[203.0.113.0/24]`; everybody who can sign without it. "
                        + "`verify: none` needs it."
                ).key("allow"),
            ])
    }

    /// How deliveries are known to be the sender's.
    private static var verify: SchemaNode {
        .oneOf([
            .choice(of: ConfigurationReader.schemeWords.filter { $0 != "hmac" }),
            .object("'verify'", [hmac.key("hmac", isRequired: true)]),
            .object("'verify'", [token.key("token", isRequired: true)]),
        ])
        .described(
            "How deliveries are verified: `keywordsai` for Keywords AI and Respan, `standard-webhooks` (Svix, too), "
                + "`github`, `stripe`, `slack`, `{hmac: {header: X-Signature}}` for an HMAC over the body in a header "
                + "of any name, `token` for the secret itself behind `Authorization: Bearer`, or `none` by address.")
    }

    /// A block of addresses, more loosely than `AddressBlock` reads it.
    static let addressBlock = SchemaNode.text(pattern: #"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"#, bytesMax: 100)

    private static let headerPattern = #"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"#

    private static var token: SchemaNode {
        .object(
            "'token'",
            [
                SchemaNode.text(pattern: headerPattern, bytesMax: 100, orNumber: true).described(
                    "The header field that holds the token.", examples: ["X-Gitlab-Token"]
                ).key("header", isRequired: true)
            ]
        ).described("The header that is the secret itself, as in `{header: X-Gitlab-Token}`.")
    }

    private static var hmac: SchemaNode {
        .object(
            "'hmac'",
            [
                SchemaNode.text(pattern: headerPattern, bytesMax: 100, orNumber: true).described(
                    "The header field that holds the signature.", examples: ["X-Signature", "X-Hub-Signature-256"]
                ).key("header", isRequired: true),
                SchemaNode.choice(of: ["sha1", "sha256", "sha512"]).described(
                    "The hash function.", standard: "sha256"
                ).key("algorithm"),
                SchemaNode.choice(of: HMACScheme.Encoding.allCases.map(\.rawValue)).described(
                    "How the code is written.", standard: HMACScheme.Encoding.hex.rawValue
                ).key("encoding"),
                SchemaNode.text(pattern: "^[^,]+$", bytesMax: 100, orNumber: true).described(
                    "What stands before the code.", examples: ["sha256="]
                ).key("prefix"),
            ]
        ).described("The header and form of the signature, as in `{header: X-Signature, prefix: sha256=}`.")
    }
}
