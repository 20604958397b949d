import Events
import Expressions
import Rendering
import Rules

/// `log_url`, the address of logs on their platform.
extension ConfigurationReader {
    /// The pattern of the address; `nil` when something is wrong with it.
    func logLink(_ node: YAMLNode) -> LogLink? {
        guard let text = values.text(node, "'log_url'", bytesMax: LogLink.patternBytesMax) else { return nil }
        do throws(LogLinkFault) {
            return try LogLink(pattern: text)
        } catch {
            let nearest = error.unknownName.flatMap { Suggestion.nearest(to: $0, among: Fact.allCases.map(\.name)) }
            sink.error(
                at: node.range, "'log_url' cannot be used: \(error.message)",
                hint: nearest.map { "did you mean '{\($0)}'?" } ?? error.hint)
            return nil
        }
    }
}
