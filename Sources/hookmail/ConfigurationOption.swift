import ArgumentParser
import Bridge
import Expressions

/// `--config`, and where it is looked for without it.
struct ConfigurationOption: ParsableArguments {
    /// Looked for in this order when `--config` is not given.
    static let defaultPaths = ["./hookmail.yaml", "/etc/hookmail/hookmail.yaml"]

    @Option(
        name: .customLong("config"),
        help: "The configuration file. (default: \(defaultPaths.joined(separator: ", then ")))",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    /// The file's path; says where it looked when there is none.
    func path() throws -> String {
        if let config {
            guard OutputFile.exists(config) else {
                Terminal.err("There is no file \(config).")
                throw ExitCode.badConfiguration
            }
            return config
        }
        guard let found = Self.defaultPaths.first(where: OutputFile.exists) else {
            Terminal.err(
                "There is no \(Self.defaultPaths.joined(separator: " and no ")).\n"
                    + "hint: `hookmail init` writes one that works as it stands; `--config` names another.")
            throw ExitCode.badConfiguration
        }
        return found
    }

    /// The file as read, with everything found in it.
    func read(_ path: String) throws -> Result<LoadedConfiguration, Diagnostics> {
        do {
            return .success(try Configuration.load(path: path))
        } catch {
            return .failure(error)
        }
    }

    /// The configuration for a command that looks at the store: secrets that are missing here do not matter.
    func loadWithoutSecrets() throws -> Configuration {
        do {
            return try Configuration.loadWithoutSecrets(path: path()).configuration
        } catch let diagnostics as Diagnostics {
            Terminal.err(diagnostics.rendered(color: Terminal.colours))
            throw ExitCode.badConfiguration
        }
    }

    /// What a command that works on the store needs of the file. Faults elsewhere in it are told once and end nothing.
    ///
    /// - Parameter remark: What they mean for this command, a sentence; `nil` where another reading tells of them.
    func loadAccess(remark: String? = "Shown is what is stored.") throws -> StoreAccess {
        let path = try path()
        do throws(Diagnostics) {
            let access = try Configuration.loadAccess(path: path)
            if let remark { tell(access.faults.all.filter { $0.severity == .error }, remark) }
            return access
        } catch {
            Terminal.err(error.rendered(color: Terminal.colours))
            throw ExitCode.badConfiguration
        }
    }

    private func tell(_ faults: [Diagnostic], _ remark: String) {
        guard var first = faults.first else { return }
        first.sourceLine = nil
        first.hint = nil
        let all = faults.count == 1 ? "says more" : "shows all \(faults.count) faults"
        Terminal.errOnce("\(first.rendered(color: Terminal.colours))\n\(remark) `hookmail check` \(all).")
    }

    /// The configuration for a command that only sends mail: of all secrets it needs the mail server's password.
    func loadForSending() throws -> Configuration {
        let path = try path()
        do throws(Diagnostics) {
            return try Configuration.loadForSending(path: path).configuration
        } catch {
            Terminal.err(error.rendered(color: Terminal.colours))
            throw ExitCode.badConfiguration
        }
    }

    /// The configuration, ready for use: faults are shown whole and end the command with code 78, warnings are shown.
    func load(showsWarnings: Bool = false) throws -> Configuration {
        try configuration(of: read(path()), showsWarnings: showsWarnings)
    }

    /// The configuration of a reading; faults are shown whole and end the command with code 78.
    func configuration(
        of reading: Result<LoadedConfiguration, Diagnostics>, showsWarnings: Bool
    ) throws -> Configuration {
        switch reading {
        case .success(let loaded):
            if showsWarnings {
                for warning in loaded.warnings.all { Terminal.err(warning.rendered(color: Terminal.colours) + "\n") }
            }
            return loaded.configuration
        case .failure(let diagnostics):
            Terminal.err(diagnostics.rendered(color: Terminal.colours))
            throw ExitCode.badConfiguration
        }
    }
}
