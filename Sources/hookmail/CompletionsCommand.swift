import ArgumentParser

/// `hookmail completions`: what a shell needs to complete command lines.
struct CompletionsCommand: ParsableCommand {
    /// The shells that there are scripts for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Prints the script by which a shell completes commands, options and names of rules.",
        discussion: """
            Names of rules are asked of the configuration that --config names or that is found; a file with faults \
            offers none.

            Examples:
              hookmail completions bash > ~/.local/share/bash-completion/completions/hookmail
              hookmail completions zsh > "${fpath[1]}/_hookmail"
              hookmail completions fish > ~/.config/fish/completions/hookmail.fish
            """)

    @Argument(help: "The shell: bash, zsh or fish.") var shell: Shell

    func run() {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Terminal.out(Hookmail.completionScript(for: kind))
    }
}
