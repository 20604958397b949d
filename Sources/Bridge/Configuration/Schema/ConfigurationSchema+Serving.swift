import Rules
import Store

/// `listen`, `admin`, `admin_token`, `store`, `keep`: the keys that `ConfigurationReader+Addresses` reads.
extension ConfigurationSchema {
    static var serving: [SchemaNode.Key] {
        [
            listenAddress.described(
                "Where webhooks are received. Behind a reverse proxy this stays on loopback.",
                standard: "\(Configuration.standardListen)", examples: ["127.0.0.1:8000", "[::1]:8000", "0.0.0.0:8000"]
            ).key("listen"),
            listenAddress.described(
                "Where health and the API of the commands are served. One that others can reach needs `admin_token`.",
                standard: "\(Configuration.standardAdmin)"
            ).key("admin"),
            SchemaNode.oneOrList(of: addressBlock, countMax: ConfigurationReader.blocksMax).described(
                "The proxies that are believed when they say in X-Forwarded-For or Forwarded whom they speak for; "
                    + "none without it."
            ).key("trusted_proxies"),
            SchemaNode.text(
                pattern:
                    #"^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][A-Za-z0-9_.-]*)(:[0-9]{1,5})?(/[A-Za-z0-9/._~%-]*)?$"#,
                bytesMax: ConfigurationReader.publicURLBytesMax
            ).described(
                "Where the webhook listener is reached from outside. With it mails have links: to hold them back for "
                    + "an hour, to unsubscribe, and to why they were sent.", examples: ["https://hookmail.example.com"]
            ).key("public_url"),
            SchemaNode.oneOrList(of: secret(), countMax: ConfigurationReader.linkKeysMax).described(
                "Signs the links of mails, where several servers share them; without it a key of our own, in a file "
                    + "beside the store. Of a list the first one signs, and links of all of them work."
            ).key("link_key"),
            secret().described("What the commands show on the admin address: `{file: ./hookmail.token}`.")
                .key("admin_token"),
            SchemaNode.text(pattern: "^sqlite:(?!//|:).+$", bytesMax: 4_096).described(
                "Everything Hookmail remembers, in one file.", standard: "sqlite:./hookmail.db",
                examples: ["sqlite:./hookmail.db", "sqlite:/var/lib/hookmail/hookmail.db"]
            ).key("store"),
            keep.key("keep"),
        ]
    }

    private static let listenAddress = SchemaNode.text(
        pattern: #"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][A-Za-z0-9_.-]*):[0-9]{1,5}$"#, bytesMax: 300)

    private static var keep: SchemaNode {
        let standard = Retention()
        let bodies = SchemaNode.text(pattern: "^(never|[0-9]+(ms|s|m|h|d))$").described(
            "How long the bodies of events are kept; `never` stores none.", standard: standard.bodies?.written,
            examples: ["7d", "never"])
        return .object(
            "'keep'",
            [
                bodies.key("bodies"),
                duration.described(
                    "How long events and the decisions about them are kept.", standard: standard.events.written
                ).key("events"),
                duration.described("How long ended mails are kept.", standard: standard.mails.written).key("mails"),
                byteSize.described(
                    "The most the store may take on disk, at least 16MiB; the oldest bodies go first.",
                    standard: "\(standard.bytesMax >> 30)GiB", examples: ["512MiB", "4GiB"]
                ).key("bytes"),
            ]
        ).described("How long things are kept, as in `{bodies: 7d, events: 90d, mails: 90d, bytes: 4GiB}`.")
    }
}
