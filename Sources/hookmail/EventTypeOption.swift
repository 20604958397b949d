import ArgumentParser
import Events

/// `--event-type`: what a header of the delivery calls the event. A body alone does not say it, and rules ask for it.
struct EventTypeOption: ParsableArguments {
    /// A longer name is not taken from a header either, in bytes.
    private static let bytesMax = 256

    @Option(
        name: .customLong("event-type"),
        help: ArgumentHelp(
            "What the sender calls the event, where a header says it (`verify: github`): the value of X-GitHub-Event.",
            valueName: "name"))
    var name: String?

    func validate() throws {
        guard let name else { return }
        guard (1...Self.bytesMax).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("--event-type takes a name as it stands in a header, such as issues.")
        }
    }

    /// The name, for a source under `scheme`. Where the body alone tells the type, a name would be ignored in silence:
    /// that is said instead, and an exit code thrown.
    func name(of source: String, under scheme: SignatureScheme) throws -> String? {
        guard name == nil || scheme.eventTypeHeader != nil else {
            Terminal.err(
                "--event-type is for sources whose sender names the event in a header (`verify: github`). The source "
                    + "\(source) has `verify: \(scheme.word)`: the body says its type.")
            throw ExitCode.usage
        }
        return name
    }
}
