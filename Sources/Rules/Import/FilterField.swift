internal import Events
internal import Expressions

/// What a filter of the platform is about, as an expression reaches it.
struct FilterField: Sendable {
    /// The field as the filter names it.
    let written: String
    /// The expression for it.
    let path: String
    /// The type it has in events, where that is known.
    let type: FactType
    /// Whether nothing is known of a field of this name.
    let isUnknown: Bool

    /// The longest name of a field, in bytes.
    private static let bytesMax = 200

    /// Finds a field: a fact under any of its names, `metadata__key`, `scores__evaluator`, `event.field`.
    ///
    /// Throws for what no event holds, such as the state of a workflow, and for a name with an empty part.
    init(_ name: String) throws(FilterImportFault) {
        guard !name.isEmpty, name.utf8.count <= Self.bytesMax else {
            throw FilterImportFault("a filter names no field")
        }
        written = name
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, ["state", "input"].contains(parts[0]) {
            throw FilterImportFault(
                "\"\(name)\" is a value of a workflow, which no event holds",
                hint: "take this condition out, and see whether the rest says what you mean")
        }
        if parts.count > 1, parts[0] == "event" { parts.removeFirst() }
        guard parts.allSatisfy(Self.isName), !["metadata__", "scores__"].contains(parts[0]) else {
            throw FilterImportFault(
                "\"\(name)\" names no field: a part of it is empty",
                hint: "write a name before and after each dot, such as metadata.team")
        }
        let first = parts.removeFirst()
        for (prefix, fact) in [("metadata__", "metadata"), ("scores__", "scores")] where first.hasPrefix(prefix) {
            let key = String(first.dropFirst(prefix.count))
            (path, type) = (Self.member([key] + parts, of: fact), .any)
            isUnknown = false
            return
        }
        guard let fact = Fact.named(first) else {
            (path, type, isUnknown) = (Self.member([first] + parts, of: "event"), .any, true)
            return
        }
        path = Self.member(parts, of: fact.name)
        type = parts.isEmpty ? fact.type : .any
        isUnknown = false
    }

    /// Whether a part of a name has anything in it but spaces.
    private static func isName(_ part: String) -> Bool {
        part.utf8.contains { $0 != 0x20 }
    }

    /// The members behind a name. A score is an object with its number under a name of its own.
    private static func member(_ keys: [String], of root: String) -> String {
        var text = root == "scores" && Fact.named(root) == nil ? "event.scores" : root
        for key in keys {
            let isPlain = key.unicodeScalars.enumerated().allSatisfy { place, scalar in
                scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                    || (place > 0 && ("0"..."9").contains(scalar))
            }
            text += isPlain && !key.isEmpty ? ".\(key)" : "[\(Value.string(key).celText)]"
        }
        return root == "scores" && keys.count == 1 ? text + ".score_value" : text
    }
}
