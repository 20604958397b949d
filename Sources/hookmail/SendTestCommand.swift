import ArgumentParser
import Bridge
import Events
import Mail
import Rendering
import Rules
import Transports

/// `hookmail send-test`: one test mail, with the conversation and what to mend.
struct SendTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send-test",
        abstract: "Sends a test mail through the configured server and says what to mend if it does not go out.",
        discussion: """
            Shows the conversation with the mail server line by line: > is what Hookmail says, < what the server says, \
            * what happens around it. Passwords and tokens are never shown. Works beside a running server, and without \
            a store.

            Exit code 0 when every mail was accepted, 78 when the configuration has to be changed, 69 when the server \
            cannot be reached, 75 when it may work later, 1 when the server refused the mail or the address.

            Examples:
              hookmail send-test --to you@example.com
              hookmail send-test --to llm-team
              hookmail send-test --server 2
            """)

    /// How long a person waits for a connection, in seconds.
    static let connectSecondsMax = 10
    /// How long a person waits for one reply, in seconds.
    static let replySecondsMax = 60

    @OptionGroup var file: ConfigurationOption
    @Option(
        name: .long,
        help: "An address, or a name under `recipients:`; may be repeated. (default: the sender's own address)")
    var to: [String] = []
    @Option(
        name: .long,
        help: "Only this server: 1 is `server`, 2 and on are those under `fallback`. (default: as mails go)")
    var server: Int?
    @Flag(help: "JSON for programs: the mails with their replies, and the conversation.") var json = false

    func run() async throws {
        let configuration = try file.loadForSending()
        let mail = try chosen(configuration.mail)
        let recipients = try recipients(configuration)
        let printer = DialoguePrinter(isLive: !json)
        // The server's own: a token that may be used once is not used twice.
        let tokens = RefreshTokenFolder(store: configuration.storePath) { words in
            Terminal.err("The new refresh token of the mail server's login was not kept: its file \(words)")
        }
        let transport: any MailTransport
        do throws(SMTPConfigurationFault) {
            transport = try mail.openTransport(tokens: tokens) { settings in
                settings.connectionsMax = 1
                settings.connectSecondsMax = Self.connectSecondsMax
                settings.replySecondsMax = Self.replySecondsMax
                settings.onDialogue = { printer.take($0) }
            }
        } catch {
            Terminal.err("\(error)")
            throw ExitCode.badConfiguration
        }
        let delivery = TestDelivery(
            mail: mail, composer: configuration.makeComposer(), transport: transport, printer: json ? nil : printer)
        let results = try await delivery.send(to: recipients)
        await transport.shutdown(grace: .seconds(1))
        if json { Terminal.out(delivery.report(results, dialogue: printer.lines).text) }
        if let code = results.map(\.exitCode).max(by: { Self.rank($0) < Self.rank($1) }), code != .success {
            throw code
        }
    }

    /// The mail settings with the server of `--server` alone.
    private func chosen(_ mail: MailConfiguration) throws -> MailConfiguration {
        guard let server else { return mail }
        guard let only = mail.only(server) else {
            Terminal.err("There is no server \(server): the configuration has \(mail.fallback.count + 1).")
            throw ExitCode.usage
        }
        return only
    }

    /// The addresses behind `--to`, each once.
    private func recipients(_ configuration: Configuration) throws -> [Address] {
        guard !to.isEmpty else {
            if !json { Terminal.err("No --to: the test mail goes to the sender's own address.") }
            return [configuration.mail.from.address]
        }
        var addresses: [Address] = []
        for word in to {
            let texts = word.utf8.contains(0x40) ? [word] : configuration.ruleSet.addresses(ofRecipient: word) ?? []
            guard !texts.isEmpty else {
                let names = configuration.ruleSet.recipientNames.joined(separator: ", ")
                Terminal.err(
                    "'\(word)' is no address and no name under `recipients:`."
                        + (names.isEmpty ? "" : "\nhint: there are \(names)."))
                throw ExitCode.usage
            }
            for text in texts {
                do throws(AddressFault) {
                    let address = try Address(parsing: InternationalAddress.wireForm(ofAddress: text))
                    if !addresses.contains(address) { addresses.append(address) }
                } catch {
                    Terminal.err("'\(FactTable.plain(word))' is no mail address: \(error.reason.rawValue).")
                    throw ExitCode.usage
                }
            }
        }
        return addresses
    }

    /// Which code speaks for all mails: what the operator has to mend first.
    private static func rank(_ code: ExitCode) -> Int {
        let order: [ExitCode] = [.success, .tryAgain, .foundFault, .unavailable, .badConfiguration]
        return order.firstIndex(of: code) ?? order.count
    }
}
