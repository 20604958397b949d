/// Puts named conditions into an order in which each refers only to earlier ones.
struct DefinitionSorter {
    private struct Entry {
        let name: String
        let source: ExpressionSource
        let tree: SyntaxTree?
    }

    private enum Mark {
        case open
        case done
    }

    private let environment: Environment
    private var entries: [Entry] = []
    private var diagnostics: [Diagnostic] = []
    private var marks: [String: Mark] = [:]
    private var order: [(name: String, tree: SyntaxTree)] = []

    init(environment: Environment) {
        self.environment = environment
    }

    /// Parses a condition and checks its name.
    mutating func add(_ name: String, _ source: ExpressionSource) {
        if let fault = nameFault(name) {
            diagnostics.append(
                Diagnostic(in: source, offset: 0, length: 1, message: fault.message, hint: fault.hint)
            )
        }
        let outcome = Parser.parse(source)
        diagnostics += outcome.diagnostics
        entries.append(Entry(name: name, source: source, tree: outcome.tree))
    }

    private func nameFault(_ name: String) -> (message: String, hint: String?)? {
        let scalars = name.unicodeScalars
        guard let first = scalars.first, Lexer.startsName(first), scalars.allSatisfy(Lexer.continuesName) else {
            return ("\"\(name)\" cannot name a condition", "a name is made of letters, digits and _")
        }
        if ReservedWord.all.contains(name) || ["and", "or", "not", "has"].contains(name) {
            return ("\"\(name)\" is a word of the language and cannot name a condition", nil)
        }
        if HostName(name) != nil || ValueType(rawValue: name) != nil {
            return ("\"\(name)\" is already the name of a fact or type", "give the condition another name")
        }
        if environment.positions[name] != nil || entries.contains(where: { $0.name == name }) {
            return ("the condition \"\(name)\" is defined twice", nil)
        }
        return nil
    }

    /// The conditions that could be ordered, and everything found wrong.
    mutating func sorted() -> (order: [(name: String, tree: SyntaxTree)], diagnostics: [Diagnostic]) {
        for entry in entries { visit(entry, chain: []) }
        return (order, diagnostics)
    }

    private mutating func visit(_ entry: Entry, chain: [String]) {
        guard marks[entry.name] != .done, let tree = entry.tree else { return }
        marks[entry.name] = .open
        let chain = chain + [entry.name]
        for node in tree.nodes {
            guard case .name(let name, _) = node.kind, let next = entries.first(where: { $0.name == name })
            else { continue }
            if let start = chain.firstIndex(of: name) {
                let circle = (chain[start...] + [name]).joined(separator: " → ")
                let message =
                    start == chain.count - 1
                    ? "the condition \"\(name)\" refers to itself"
                    : "conditions refer to each other in a circle: \(circle)"
                diagnostics.append(
                    Diagnostic(in: tree.source, offset: node.offset, length: node.length, message: message)
                )
                marks[entry.name] = .done
                return
            }
            visit(next, chain: chain)
        }
        marks[entry.name] = .done
        order.append((entry.name, tree))
    }
}
