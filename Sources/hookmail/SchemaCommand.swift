import ArgumentParser
import Bridge

/// `hookmail schema`: the JSON Schema of the configuration, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of the configuration file, for editors.",
        discussion: """
            With the YAML extension of VS Code (redhat.vscode-yaml), and with every other editor that uses \
            yaml-language-server, this line on top of the file is enough to complete and check it while you type:

              \(ConfigurationSchema.editorLine)

            `hookmail init` writes both. After an update of Hookmail, write the schema anew.

            Examples:
              hookmail schema --output hookmail.schema.json
              hookmail schema | jq '.properties | keys'
            """)

    @Option(
        name: .shortAndLong, help: "Write it to this file, in place of what is there, instead of printing it.",
        completion: .file(extensions: ["json"]))
    var output: String?

    func run() throws {
        guard let output else {
            Terminal.out(bytes: Array(ConfigurationSchema.text.utf8))
            return
        }
        try OutputFile.replace(output, Array(ConfigurationSchema.text.utf8), mode: 0o644)
        Terminal.err("Wrote \(output).")
    }
}
