import ArgumentParser
import Bridge
import Events

/// `hookmail init`: a configuration that works as it stands.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a configuration that works as it stands into the current folder.",
        discussion: """
            The files are a commented hookmail.yaml, a random hookmail.secret that only you can read, and \
            \(ConfigurationSchema.fileName), by which editors complete and check the configuration. \
            Nothing that exists is touched. Mails go to the folder ./mail until you name a mail server.

            Examples:
              hookmail init && hookmail serve
            """)

    @Flag(help: "JSON for programs: the names of the files.") var json = false

    func run() throws {
        let files = ["hookmail.yaml", "hookmail.secret", ConfigurationSchema.fileName]
        let existing = files.filter(OutputFile.exists)
        guard existing.isEmpty else {
            Terminal.err(
                "Already here, and left as they are: \(existing.joined(separator: ", ")).\n"
                    + "hint: `hookmail check` reads what is there; move it away to begin anew.")
            throw ExitCode.foundFault
        }
        let secret = "whsec_" + Self.randomText(count: 43)
        try OutputFile.create("hookmail.secret", Array((secret + "\n").utf8), mode: 0o600)
        try OutputFile.create("hookmail.yaml", Array(ConfigurationStarter.text.utf8), mode: 0o644)
        try OutputFile.create(ConfigurationSchema.fileName, Array(ConfigurationSchema.text.utf8), mode: 0o644)
        if json {
            Terminal.out(
                JSONValue.object(JSONObject([("written", .array(files.map { .string($0) }))])).text)
            return
        }
        Terminal.out("Wrote \(files[0]), \(files[1]) and, for editors, \(files[2]).")
        Terminal.err(
            """

            Next:
              hookmail check                 says whether the file is right
              hookmail serve                 runs the server; mails go to ./mail
              hookmail sign event.json       prints the curl line that sends it a signed event
            """)
    }

    /// Letters and digits from the system's random source: 62 to the power of 43 is just over 2 to the power of 256.
    private static func randomText(count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}
