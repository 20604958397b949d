import ArgumentParser
import Bridge

/// Which source a command is about.
enum SourceChoice {
    /// The source of this name, or the only one there is. Says what there is and throws an exit code otherwise.
    static func one(_ name: String?, of configuration: Configuration) throws -> SourceConfiguration {
        let names = configuration.sources.map(\.name).joined(separator: ", ")
        if let name {
            guard let found = configuration.sources.first(where: { $0.name == name }) else {
                Terminal.err("There is no source \(name). The file has: \(names).")
                throw ExitCode.usage
            }
            return found
        }
        guard let only = configuration.sources.first, configuration.sources.count == 1 else {
            Terminal.err("The file has several sources: say which with --source. It has: \(names).")
            throw ExitCode.usage
        }
        return only
    }
}
