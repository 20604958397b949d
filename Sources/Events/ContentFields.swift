/// The members of a log that hold what people and models said, or where the platform stored it. They are content, not
/// facts: never in rules, lists, mails or logs unless a rule asks for them by name.
enum ContentFields {
    /// Whether a member of this name is content; small and capital letters are the same.
    static func contains(_ name: some Collection<UInt8>) -> Bool {
        guard name.count <= bytesMax else { return false }
        let letters = name.lazy.map(\.lowercased)
        return names[name.count].contains { letters.elementsEqual($0) } || letters.starts(with: storagePrefix)
    }

    private static let bytesMax = 64
    private static let storagePrefix = Array("storage".utf8)

    /// The names by their length.
    private static let names: [[[UInt8]]] = {
        var names = [[[UInt8]]](repeating: [], count: bytesMax + 1)
        for name in list { names[name.utf8.count].append(Array(name.utf8)) }
        return names
    }()

    private static let list = [
        "prompt_messages", "messages", "completion_message", "completion_messages", "prompt", "completion", "input",
        "output", "input_text", "output_text", "content", "contents", "text", "full_request", "full_response",
        "request", "response", "request_body", "response_body", "variables", "tools", "tool_calls", "functions",
        "function_call", "response_format", "thread_message_pairs", "system_prompt", "instructions", "embedding",
        "audio", "image", "file",
    ]
}
