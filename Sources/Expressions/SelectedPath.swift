package import Events

/// A name of the event and the members that an expression selects behind it: `metadata.team`, `scores[0].value`.
package struct SelectedPath: Sendable, Equatable {
    /// The name of the whole event in expressions.
    package static let eventName = "event"

    /// The longest name of a member, in bytes; a longer one ends the path.
    private static let memberBytesMax = 100
    /// The most steps of a path; deeper ones are left out.
    private static let stepsMax = 16
    /// The most paths kept of one expression.
    static let countMax = 64

    /// One step down.
    package enum Step: Sendable, Equatable {
        case member(String)
        /// Counted from 0.
        case item(Int)
    }

    /// A fact's name, or `event`.
    package let root: String
    package let steps: [Step]

    /// The path as an expression writes it.
    package var text: String {
        steps.reduce(root) { text, step in
            switch step {
            case .item(let index): return "\(text)[\(index)]"
            case .member(let name):
                if Self.isPlain(name) { return "\(text).\(name)" }
                return "\(text)[\(String(decoding: JSONValue.string(name).encoded(), as: UTF8.self))]"
            }
        }
    }

    /// Whether a name can stand behind a dot.
    private static func isPlain(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, Lexer.startsName(first) else { return false }
        return name.unicodeScalars.allSatisfy(Lexer.continuesName)
    }

    /// What the path leads to from the value of its root, `null` where there is nothing.
    package func value(in json: JSONValue) -> JSONValue {
        steps.reduce(json) { value, step in
            switch step {
            case .member(let name): return value[name] ?? .null
            case .item(let index):
                guard let items = value.array, items.indices.contains(index) else { return .null }
                return items[index]
            }
        }
    }

    /// Adds a step, or returns `nil` for one that a path does not take.
    private func appending(_ step: Step) -> SelectedPath? {
        guard steps.count < Self.stepsMax else { return nil }
        switch step {
        case .member(let name) where name.isEmpty || name.utf8.count > Self.memberBytesMax: return nil
        case .item(let index) where index < 0: return nil
        default: return SelectedPath(root: root, steps: steps + [step])
        }
    }
}

extension SelectedPath {
    /// The path that a node is, without steps for a plain name of the event; `nil` for every other node. Where a part
    /// of a long selection is no plain text or number, the part before it is a path of its own.
    init?(_ id: SyntaxTree.NodeID, in tree: SyntaxTree, _ meanings: [Checker.Meaning]) {
        var step: Step?
        var operand: SyntaxTree.NodeID?
        switch tree[id].kind {
        case .hasField(let inner, let field):
            (operand, step) = (inner, .member(field))
        case .select(let inner, let field):
            (operand, step) = (inner, .member(field))
        case .index(let inner, let index):
            operand = inner
            if case .literal(.string(let name)) = tree[index].kind { step = .member(name) }
            if case .literal(.int(let number)) = tree[index].kind { step = Int(exactly: number).map(Step.item) }
        default: break
        }
        switch meanings[id] {
        case .host(.fact(let fact)): self.init(root: fact.name, steps: [])
        case .host(.event): self.init(root: Self.eventName, steps: [])
        case .none:
            guard let operand, let step, let path = SelectedPath(operand, in: tree, meanings)?.appending(step) else {
                return nil
            }
            self = path
        default: return nil
        }
    }
}

extension Checker {
    /// The paths with at least one step, through named conditions too, each once, in the order met.
    func selectedPaths() -> [SelectedPath] {
        var found: [SelectedPath] = []
        collectPaths(tree.root, into: &found)
        return Array(found.prefix(SelectedPath.countMax))
    }

    private func collectPaths(_ id: NodeID, into found: inout [SelectedPath]) {
        guard found.count < SelectedPath.countMax else { return }
        if case .definition(let position) = meanings[id] {
            for path in environment.definitions[position].checked.paths where !found.contains(path) {
                found.append(path)
            }
        } else if let path = SelectedPath(id, in: tree, meanings) {
            if !path.steps.isEmpty, !found.contains(path) { found.append(path) }
        } else {
            for child in tree[id].children { collectPaths(child, into: &found) }
        }
    }
}
