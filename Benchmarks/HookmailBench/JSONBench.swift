import ArgumentParser
import Events

/// Reads one body again and again as JSON.
struct JSONBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "json", abstract: "Microseconds for reading a body as JSON.")

    @Argument(help: "A file with the body.") var file: String
    @Argument(help: "For how long, in seconds.") var seconds: Double = 1

    func run() throws {
        let body = try BodyFile.read(file)
        print(try Stopwatch.microseconds(over: seconds) { _ = try JSONDocument(body) })
    }
}
