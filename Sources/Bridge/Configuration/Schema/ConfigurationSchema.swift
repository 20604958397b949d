import Events
import Rules

/// The JSON Schema of `hookmail.yaml`, from which editors complete and check while one types.
///
/// It says what a schema can say: keys, words, forms of values. Expressions, addresses in full, secrets and how things
/// fit together are for `hookmail check`.
///
/// **Adding a key:** the reader asks for it with `MappingReader`; say the same here, in the object with the same
/// subject. `ConfigurationSchemaTests` fails while one of the two knows a key that the other does not.
package enum ConfigurationSchema {
    /// The name under which `hookmail init` writes the schema beside the configuration.
    package static let fileName = "hookmail.schema.json"
    /// The first line of a configuration: where the YAML extension of VS Code finds the schema.
    package static let editorLine = "# yaml-language-server: $schema=./\(fileName)"

    /// The schema as a file: indented, with a line end behind it.
    package static var text: String { root.json.indentedText + "\n" }

    /// The whole file.
    package static var root: SchemaNode {
        .object(
            "the configuration",
            serving + [
                sources.key("sources", isRequired: true), mail.key("mail", isRequired: true),
                recipients.key("recipients"), conditions.key("let"), rules.key("rules"), mutes.key("mute"),
                inhibitions.key("inhibit"),
                includes.key("include"),
                path.described(
                    "A folder of your own templates, NAME.text.mustache and NAME.html.mustache, in the place of the "
                        + "built-in ones or beside them.",
                    examples: ["./my-templates"]
                ).key("templates"),
                redaction.key("redact"), logURL.key("log_url"),
            ]
        )
        .described("Signed webhook events in, mails out. `hookmail check` says everything that is wrong with the file.")
        .titled("Hookmail configuration")
    }

    // MARK: Forms of values

    /// A span of time, as `Duration(written:)` reads it.
    static let duration = SchemaNode.text(pattern: "^[0-9]+(ms|s|m|h|d)$")
    /// A size, as `ByteSize(written:)` reads it.
    static let byteSize = SchemaNode.text(pattern: "^[0-9]+ ?(B|KiB|MiB|GiB|TiB|kB|KB|MB|GB|TB)$")
    /// A throttle, as `Throttle.read` reads it.
    static let throttle = SchemaNode.text(pattern: "^ *[1-9][0-9]* +per +[0-9]+(ms|s|m|h|d) *$")
    /// What is said of values that may list days. The reader puts an unquoted list together again, but YAML ends a
    /// plain value between braces at a comma, and so an editor marks what follows.
    static func quotedDays(_ example: String) -> String {
        "Between braces a list of days stands in quotes: `{\(example)}`."
    }

    /// A schedule, more loosely than `Schedule.read` reads it.
    static let schedule = SchemaNode.text(
        pattern: #"^ *(every +[0-9]+(m|h|d|s|ms)|(daily|weekly +on +[a-z,-]+) +at +[0-9]+:.+|cron +['"].+['"].+)$"#)
    /// A span of time, more loosely than `TimeSpans.read` reads it.
    static let timeSpan = SchemaNode.text(
        pattern: "^([a-z,-]+ +)?[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2} +.+$")
    /// A mail address, more loosely than `Address` reads it: editors need a hint, not the grammar of RFC 5321.
    static let address = SchemaNode.text(pattern: addressPattern)
    static let addressPattern = #"^[^@\s]+@[^@\s]+$"#
    /// A path of this machine; a relative one begins at the configuration's folder.
    static let path = SchemaNode.text(bytesMax: 4_096)

    /// A secret: where it is, never what it is.
    ///
    /// - Parameter more: Keys beside `env` and `file`.
    static func secret(_ more: [SchemaNode.Key] = []) -> SchemaNode {
        let variable = SchemaNode.text(pattern: "^[A-Za-z_][A-Za-z0-9_]*$", bytesMax: 200)
            .described("The environment variable that holds it.", examples: ["KEYWORDSAI_WEBHOOK_SECRET"])
        let file = path.described(
            "The file that holds it, readable by the server's user alone; one line end behind it is cut.",
            examples: ["./hookmail.secret"])
        return .oneOf([
            .object("a secret", [variable.key("env", isRequired: true)] + more),
            .object("a secret", [file.key("file", isRequired: true)] + more),
        ])
    }
}

extension JSONValue {
    /// JSON for people: two spaces a level, one member or element a line, empty ones in one.
    fileprivate var indentedText: String { Self.indented(self, "") }

    private static func indented(_ value: JSONValue, _ indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + indented($0, inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let object) where !object.isEmpty:
            let lines = object.members.map { member in
                inner + String(decoding: JSONValue.string(member.key).encoded(), as: UTF8.self) + ": "
                    + indented(member.value, inner)
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        default:
            return String(decoding: value.encoded(), as: UTF8.self)
        }
    }
}
