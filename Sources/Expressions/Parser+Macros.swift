/// A call as it was read, before it is known whether it is a macro.
struct MacroCall {
    let name: String
    let token: Token
    let receiver: SyntaxTree.NodeID?
    let arguments: [SyntaxTree.NodeID]
    /// Where the whole call begins, the receiver included.
    let offset: Int
}

extension Parser {
    /// Turns `has`, `cel.bind` and the macros that walk a list or map into their nodes; `nil` for a call of a function.
    mutating func expand(_ call: MacroCall) throws(Stop) -> NodeID? {
        if call.receiver == nil, call.name.hasSameScalars(as: "has") { return try expandHas(call) }
        guard let receiver = call.receiver else { return nil }
        if case .name("cel", isAbsolute: false) = node(receiver).kind, call.name.hasSameScalars(as: "bind") {
            return try expandBind(call)
        }
        guard let kind = Comprehension.Kind(name: call.name) else { return nil }
        return try expandWalk(call, kind, over: receiver)
    }

    private mutating func expandWalk(
        _ call: MacroCall, _ kind: Comprehension.Kind, over receiver: NodeID
    ) throws(Stop) -> NodeID {
        let count = call.arguments.count
        let isPair = kind.pairCounts.contains(count)
        guard isPair || kind.singleCounts.contains(count) else {
            throw kind.singleCounts.isEmpty
                ? stop(
                    "\(call.name) needs two names and an expression", at: call.token,
                    hint: "write list.\(call.name)(index, item, …)")
                : stop(
                    "\(call.name) needs a name and a condition", at: call.token,
                    hint: "write list.\(call.name)(item, item == …)")
        }
        let variable = try macroVariable(call.arguments[0], of: call)
        let second = isPair ? try macroVariable(call.arguments[1], of: call) : nil
        if let second, second.hasSameScalars(as: variable) {
            throw stop("the two names of \(call.name) must differ", at: call.token)
        }
        let names = isPair ? 2 : 1
        let comprehension = Comprehension(
            kind: kind, range: receiver, variable: variable, second: second,
            filter: count == names + 2 ? call.arguments[names] : nil, body: call.arguments[count - 1]
        )
        let children = [receiver] + call.arguments
        return try make(.comprehension(comprehension), from: call.offset, children: children)
    }

    /// `has(a.b)` asks for a field. CEL allows nothing else; a bare name is taken too and asks whether that fact is
    /// present, because that is what everybody writes first and it can mean only one thing.
    private mutating func expandHas(_ call: MacroCall) throws(Stop) -> NodeID {
        guard call.arguments.count == 1, let argument = call.arguments.first else {
            throw stop("has needs one field", at: call.token, hint: "write has(event.cost)")
        }
        switch node(argument).kind {
        case .select(let operand, let field):
            return try make(.hasField(operand: operand, field: field), from: call.offset, children: [operand])
        case .name(let name, isAbsolute: false): return try make(.hasName(name), from: call.offset)
        case .index:
            report(
                "has takes a field, not an index", offset: node(argument).offset, length: node(argument).length,
                hint: "write has(metadata.`key`), or \"key\" in metadata"
            )
            throw Stop()
        default:
            report(
                "has takes a field of something", offset: node(argument).offset, length: node(argument).length,
                hint: "write has(event.cost)"
            )
            throw Stop()
        }
    }

    private mutating func expandBind(_ call: MacroCall) throws(Stop) -> NodeID {
        guard call.arguments.count == 3 else {
            throw stop("cel.bind needs a name, a value and an expression", at: call.token)
        }
        let variable = try macroVariable(call.arguments[0], of: call)
        let (value, body) = (call.arguments[1], call.arguments[2])
        return try make(
            .bind(variable: variable, value: value, body: body), from: call.offset, children: [value, body])
    }

    private mutating func macroVariable(_ id: NodeID, of call: MacroCall) throws(Stop) -> String {
        guard case .name(let name, isAbsolute: false) = node(id).kind else {
            let place = id == call.arguments.first ? "first" : "second"
            report(
                "the \(place) argument of \(call.name) must be a plain name", offset: node(id).offset,
                length: node(id).length, hint: "it stands for each item in turn: list.exists(item, item == …)"
            )
            throw Stop()
        }
        return name
    }
}
