/// What a rule may show of an event's content: a field by the platform's name, or a member below one, such as
/// `variables.question`.
package struct ContentPath: Sendable, Hashable {
    /// The fields of a request log that hold what people and models said, and the caller's own properties.
    package enum Field: String, CaseIterable, Sendable {
        /// The conversation that was sent to the model.
        case prompt
        /// What the model answered.
        case completion
        /// What a managed prompt was filled with.
        case variables
        /// The request as the provider got it.
        case fullRequest = "full_request"
        /// The provider's answer as it came.
        case fullResponse = "full_response"
        /// The tools the model asked for.
        case toolCalls = "tool_calls"
        /// The caller's own properties.
        case metadata
        /// The event as its sender wrote it, for senders other than the platform: `event.issue.title`.
        case event

        /// The members of a log that hold the field, the first usable one counts: names of before and after the
        /// platform's renaming (Respan SDK, `respan_types/log_types.py`), most specific first.
        var members: [StaticString] {
            switch self {
            case .prompt: ["prompt_messages", "messages", "input", "prompt", "input_text"]
            case .completion: ["completion_message", "completion_messages", "output", "completion", "output_text"]
            case .variables: ["variables"]
            case .fullRequest: ["full_request"]
            case .fullResponse: ["full_response"]
            case .toolCalls: ["tool_calls"]
            case .metadata: ["metadata"]
            case .event: []
            }
        }

        /// Whether a path may lead below the field: a conversation has no names that a rule could know.
        package var hasMembers: Bool {
            switch self {
            case .variables, .fullRequest, .fullResponse, .metadata, .event: true
            case .prompt, .completion, .toolCalls: false
            }
        }

        /// Whether a path must lead below the field: a whole event is more than a mail should show.
        package var needsMembers: Bool { self == .event }
    }

    /// Why a text is no path.
    package enum Fault: Error, Sendable, Equatable {
        /// No field is called this.
        case unknownField(String)
        /// The field's members cannot be named.
        case noMembers(Field)
        /// One of the field's members must be named.
        case needsMembers(Field)
        /// A part is empty or too long, or there are too many.
        case malformed
        /// The path names what holds a key or password.
        case credential
    }

    /// The most parts behind the field's name.
    package static let keysMax = 8
    /// The longest part in bytes.
    package static let keyBytesMax = 64

    package let field: Field
    /// The members below the field, outermost first.
    package let keys: [String]

    package init(_ field: Field) {
        self.field = field
        keys = []
    }

    /// Reads `prompt`, one of its other names such as `prompt_messages`, or a path such as `variables.question`.
    package init(parsing text: String) throws(Fault) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, let field = Self.field(named: name) else {
            throw .unknownField(parts.first ?? "")
        }
        let keys = Array(parts.dropFirst())
        guard keys.isEmpty || field.hasMembers else { throw .noMembers(field) }
        guard !keys.isEmpty || !field.needsMembers else { throw .needsMembers(field) }
        guard keys.count <= Self.keysMax, keys.allSatisfy({ 1...Self.keyBytesMax ~= $0.utf8.count }) else {
            throw .malformed
        }
        guard !keys.contains(where: { Credentials.isCredential($0.utf8) }) else { throw .credential }
        self.field = field
        self.keys = keys
    }

    /// The path with the field's first name: `prompt`, `variables.question`.
    package var name: String { ([field.rawValue] + keys).joined(separator: ".") }

    /// Every name a path may begin with, those of the rules first.
    package static let names: [String] = {
        var names = Field.allCases.map(\.rawValue)
        for member in Field.allCases.flatMap(\.members).map(\.description) where !names.contains(member) {
            names.append(member)
        }
        return names
    }()

    private static func field(named name: String) -> Field? {
        Field(rawValue: name) ?? Field.allCases.first { $0.members.contains { $0.description == name } }
    }
}
