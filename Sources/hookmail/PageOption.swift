import ArgumentParser
import Store

/// Which page of a list is shown; lists begin with the newest.
struct PageOption: ParsableArguments {
    @Option(help: "How many to show, at most \(pageRowsMax).") var limit = 20
    @Option(help: "Only those with a number below this one: the next page.") var before: Int64?

    func validate() throws {
        guard (1...pageRowsMax).contains(limit) else {
            throw ValidationError("--limit takes a number from 1 to \(pageRowsMax).")
        }
    }
}
