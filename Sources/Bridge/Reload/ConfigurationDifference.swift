import Events
import Rendering
import Rules
import Store

/// What differs between two configurations, in the words of the file.
///
/// Every stored member counts, whatever it is made of: a setting that is added to the configuration later cannot be
/// forgotten here.
struct ConfigurationDifference: Sendable, Equatable {
    /// Keys of the file whose value differs, in alphabetical order.
    let keys: [String]

    /// Keys that only a new start can bring into force: sockets are bound and the store is opened once.
    static let restartKeys: Set<String> = ["listen", "admin", "store", "keep.bodies"]

    /// Of the differing keys, those that only a new start can bring into force.
    var needsRestart: [String] { keys.filter(Self.restartKeys.contains) }

    init(_ old: Configuration, _ new: Configuration) {
        let before = Self.members(of: old)
        let after = Self.members(of: new)
        var keys = Set(after.keys.filter { before[$0] != after[$0] }.map(Self.key))
        // Whether bodies are stored at all is the open store's; how long they are kept is the janitor's.
        if (old.retention.bodies == nil) != (new.retention.bodies == nil) { keys.insert("keep.bodies") }
        self.keys = keys.sorted()
    }

    private static func key(of member: String) -> String {
        switch member {
        case "adminToken": "admin_token"
        case "retention": "keep"
        case "logURL": "log_url"
        case "ruleSet": "rules"
        case "publicURL": "public_url"
        case "linkKeys": "link_key"
        case "zones": "recipients"
        default: member
        }
    }

    private static func members(of configuration: Configuration) -> [String: [UInt8]] {
        var members: [String: [UInt8]] = [:]
        for child in Mirror(reflecting: configuration).children {
            var text: [UInt8] = []
            append(child.value, to: &text)
            members[child.label ?? ""] = text
        }
        return members
    }

    /// A text of a value and all it holds, only to be compared with another one in this process.
    private static func append(_ value: Any, to text: inout [UInt8]) {
        switch value {
        case let secret as Secret:
            // Its digest and not its bytes: this text is memory that nobody clears.
            text += Hash.sha256(secret.revealedBytes)
            text += Array("\(secret.label) \(secret.until?.microseconds ?? 0)".utf8)
        case let ruleSet as RuleSet:
            text += Array(ruleSet.hash.utf8)
        case let patterns as RedactionPatterns:
            text += Array(patterns.text.utf8)
        case let templates as TemplateSet:
            text += Array(templates.hash.utf8)
        default:
            let mirror = Mirror(reflecting: value)
            guard !mirror.children.isEmpty else {
                text += Array(String(reflecting: value).utf8)
                break
            }
            text.append(UInt8(ascii: "{"))
            // The elements of sets and dictionaries stand in any order.
            var children = mirror.children.map { child -> [UInt8] in
                var inner = Array("\(child.label ?? ""):".utf8)
                append(child.value, to: &inner)
                return inner
            }
            if [.set, .dictionary].contains(mirror.displayStyle) { children.sort { $0.lexicographicallyPrecedes($1) } }
            text += children.joined(separator: [UInt8(ascii: ",")])
            text.append(UInt8(ascii: "}"))
        }
    }
}
