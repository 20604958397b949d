/// Reads content out of a stored body for people to read: messages as `role: text` lines, other values as compact JSON,
/// images and files by their size. Credentials are replaced by `[removed]` here too, whatever the body went through
/// before. Nothing else is replaced: that is the affair of whoever shows it.
package struct ContentReader: Sendable {
    private let document: JSONDocument

    /// Takes the body of one event.
    package init(_ body: [UInt8]) throws(JSONFault) {
        document = try JSONDocument(body)
    }

    /// The text at `path`, its first `bytesMax` bytes kept; `nil` when the event has none. Missing, null, `""`, `[]`
    /// and `{}` are one.
    ///
    /// - Parameter scalarsWanted: How much will be shown: of a longer conversation only the last messages are read.
    package func text(_ path: ContentPath, bytesMax: Int, scalarsWanted: Int) -> ContentText? {
        let size = (bytesMax: bytesMax, scalarsWanted: scalarsWanted)
        if path.field == .event { return text(at: 0, below: path, size) }
        for member in path.field.members {
            guard let node = document.member(member, of: 0),
                let text = text(at: node, below: path, size)
            else { continue }
            return text
        }
        guard path.field == .toolCalls else { return nil }
        return toolCallsOfMessage(size)
    }

    /// Where the answer holds the calls, and the log has none of its own.
    private func toolCallsOfMessage(_ size: Size) -> ContentText? {
        guard let message = document.member("completion_message", of: 0),
            let calls = document.member("tool_calls", of: message)
        else { return nil }
        return text(at: calls, below: ContentPath(.toolCalls), size)
    }

    private typealias Size = (bytesMax: Int, scalarsWanted: Int)

    private func text(at node: Int, below path: ContentPath, _ size: Size) -> ContentText? {
        var part = JSONPart(document, node)
        part = part.withoutCredentials() ?? part
        part = part.encodedInText() ?? part
        for key in path.keys {
            guard let member = part.member(key) else { return nil }
            part = member.encodedInText() ?? member
        }
        guard !part.isEmpty else { return nil }
        var writer = ContentWriter(bytesMax: size.bytesMax, scalarsWanted: size.scalarsWanted)
        switch path.field {
        case .prompt, .completion: writer.write(conversation: part)
        case .toolCalls: writer.write(calls: part)
        case .variables, .metadata, .event: writer.write(properties: part)
        case .fullRequest, .fullResponse: writer.write(value: part)
        }
        let text = writer.text
        return text.scalars == 0 ? nil : text
    }
}
