import ArgumentParser
import Bridge
import Events
import Rendering

/// `hookmail dkim`: what has to stand in DNS for the keys that sign mails.
struct DKIMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dkim",
        abstract: "Prints the DNS record of every key under mail.dkim.",
        discussion: """
            A TXT record for each key (RFC 6376, RFC 8463), as zone files have it: with the domain's name server, mail \
            servers can verify what Hookmail signs. Where a form of a provider of DNS asks for it, take name and text \
            from --json. The private key is not shown, and nothing is looked up.

            Exit code 78 when the configuration names no key, or a key cannot be read.

            Examples:
              hookmail dkim
              hookmail dkim >> db.example.com
              hookmail dkim --json | jq -r '.[] | .name, .text'
            """)

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "JSON for programs: an array of records.") var json = false

    func run() throws {
        let keys = try file.loadWithoutSecrets().mail.dkim
        guard !keys.isEmpty else {
            Terminal.err(
                "The configuration names no key under `mail.dkim`.\n"
                    + "hint: write `dkim: {selector: hookmail, key: {file: ./dkim.pem}}` below `mail`.")
            throw ExitCode.badConfiguration
        }
        let signers = keys.compactMap(\.signer)
        guard signers.count == keys.count else {
            let lacking = keys.filter { $0.signer == nil }.map(\.selector).joined(separator: ", ")
            Terminal.err(
                "The key of \(lacking) cannot be read here.\n"
                    + "hint: run this as the user of the server; `hookmail check` says more.")
            throw ExitCode.badConfiguration
        }
        if json {
            Terminal.out(JSONValue.array(signers.map(Self.report)).text)
        } else {
            for signer in signers { Terminal.out(signer.record.zoneEntry) }
        }
    }

    private static func report(_ signer: DKIMSigner) -> JSONValue {
        var object = JSONObject()
        object["name"] = .string(signer.record.name)
        object["text"] = .string(signer.record.text)
        object["strings"] = .array(signer.record.strings.map { .string($0) })
        object["domain"] = .string(signer.domain)
        object["selector"] = .string(signer.selector)
        object["algorithm"] = .string(signer.algorithmName)
        return .object(object)
    }
}
