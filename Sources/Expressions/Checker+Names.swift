internal import Events

extension Checker {
    /// Finds what a name stands for: a macro variable, a named condition, a fact, a type, in this order.
    mutating func checkName(_ id: NodeID, _ name: String, isAbsolute: Bool, expected: StaticType = .any) {
        if !isAbsolute, let slot = scopes.lastIndex(of: name) {
            meanings[id] = .local(slot: slot)
        } else if resolve(id, name, isAbsolute: isAbsolute) {
            return
        } else if let position = environment.positions[name] {
            meanings[id] = .definition(position)
            types[id] = environment.definitions[position].checked.rootType
            for fact in environment.definitions[position].checked.facts { mention(fact) }
        } else if environment.knowsFacts, let host = HostName(name) {
            meanings[id] = .host(host)
            types[id] = host.type
            mention(host)
        } else {
            meanings[id] = .unknown
            reportUnknown(id, name, expected: expected)
        }
    }

    /// Takes a name, which may have dots, as that of a variable or of a type, and says whether it is one.
    private mutating func resolve(_ id: NodeID, _ name: String, isAbsolute: Bool) -> Bool {
        for candidate in environment.candidates(for: name, isAbsolute: isAbsolute) {
            if environment.variables.contains(candidate) {
                meanings[id] = .variable(candidate)
                types[id] = environment.variableTypes[candidate] ?? .any
                return true
            }
            if let type = ValueType(rawValue: candidate), environment.positions[candidate] == nil,
                !environment.knowsFacts || HostName(candidate) == nil
            {
                meanings[id] = .type(type)
                types[id] = .type
                return true
            }
        }
        return false
    }

    private mutating func reportUnknown(_ id: NodeID, _ name: String, expected: StaticType) {
        let known = scopes.reversed() + environment.definitions.map(\.name) + environment.variables + HostName.allNames
        if let content = Self.content(named: name) {
            report(
                "\"\(name)\" is content, and conditions do not see content", at: id,
                hint: "a rule shows \(content) in its mail by `content:`; conditions see facts such as error_message"
            )
        } else if let near = Suggestion.nearest(to: name, among: known), mayBe(near, expected) {
            report("unknown name \"\(name)\"; did you mean \"\(near)\"?", at: id)
        } else if environment.functions.arities(name, isMethod: false).isEmpty == false {
            report("\"\(name)\" is a function", at: id, hint: "write \(name)(…)")
        } else {
            guard expected != .string else {
                return report(unquoted: name, at: id)
            }
            let longer = environment.knowsFacts ? Self.facts(beginningWith: name) : []
            guard let first = longer.first else { return report("unknown name \"\(name)\"", at: id) }
            report(
                "unknown name \"\(name)\"; did you mean \"\(first)\"?", at: id,
                hint: longer.count > 1 ? "there are also " + longer.dropFirst().joined(separator: ", ") : nil)
        }
    }

    /// Reports a word that stands where a text is needed.
    mutating func report(unquoted text: String, at id: NodeID) {
        report("unknown name \"\(text)\"", at: id, hint: "a text is written between quotes: \"\(text)\"")
    }

    /// Whether a name can be meant where a type is expected: beside a text no number is.
    private func mayBe(_ name: String, _ expected: StaticType) -> Bool {
        guard expected == .string else { return true }
        let type =
            environment.positions[name].map { environment.definitions[$0].checked.rootType }
            ?? environment.variableTypes[name] ?? HostName(name)?.type ?? .any
        return type.fits(.string)
    }

    /// The facts whose name goes on behind a whole word that people take for it: `provider_id` for `provider`.
    private static func facts(beginningWith word: String) -> [String] {
        Fact.allCases.map(\.name).filter { $0.hasPrefix(word + "_") }
    }

    /// What the texts of an event are called in messages, for the names that people try.
    private static func content(named name: String) -> String? {
        switch name {
        case "prompt", "prompt_messages", "messages", "input", "full_request", "variables", "system_prompt": "prompts"
        case "completion", "completion_message", "completion_messages", "output", "response", "full_response":
            "answers"
        default: nil
        }
    }

    /// The name written with dots, such as `google.protobuf.Duration`, where the node is nothing but names.
    private func path(_ id: NodeID) -> (name: String, isAbsolute: Bool)? {
        switch tree[id].kind {
        case .name(let name, let isAbsolute): return !isAbsolute && scopes.contains(name) ? nil : (name, isAbsolute)
        case .select(let operand, let field): return path(operand).map { ("\($0.name).\(field)", $0.isAbsolute) }
        default: return nil
        }
    }

    /// Checks `operand.field`, which may also be a dotted name or a fact as a field of `event`.
    mutating func checkSelect(_ id: NodeID, operand: NodeID, field: String) {
        if let path = path(id), resolve(id, path.name, isAbsolute: path.isAbsolute) { return }
        check(operand)
        if case .host(.event) = meanings[operand], let fact = Fact.named(field) {
            meanings[id] = .host(.fact(fact))
            types[id] = StaticType(fact.type)
            mention(fact.name)
        }
        expectFields(operand)
    }

    /// Checks `has(operand.field)`.
    mutating func checkHas(_ id: NodeID, operand: NodeID, field: String) {
        types[id] = .bool
        check(operand)
        if case .host(.event) = meanings[operand], let fact = Fact.named(field) {
            meanings[id] = .host(.fact(fact))
            mention(fact.name)
            guardedFacts.insert(fact.name)
        }
        expectFields(operand)
    }

    /// Checks `has(cost)`.
    mutating func checkHasName(_ id: NodeID, _ name: String) {
        types[id] = .bool
        if scopes.contains(name) || environment.positions[name] != nil {
            report(
                "has takes a field of the event, and \"\(name)\" is none", at: id, hint: "write has(event.name)"
            )
        } else if environment.knowsFacts, let host = HostName(name) {
            meanings[id] = .host(host)
            mention(host)
            guardedFacts.insert(host.name)
        } else {
            meanings[id] = .unknown
            let near = Suggestion.nearest(to: name, among: HostName.allNames)
            report(
                "unknown name \"\(name)\""
                    + ((near ?? Self.facts(beginningWith: name).first).map { "; did you mean \"\($0)\"?" } ?? ""),
                at: id,
                hint: near == nil ? "write has(event.\(name)) for a field that is no fact" : nil
            )
        }
    }

    /// Refuses a selection from what has no fields.
    private mutating func expectFields(_ operand: NodeID) {
        guard let type = types[operand].valueType, type != .map else { return }
        report("\(words(operand)) is \(type.words) and has no fields", at: operand)
    }

    /// Checks `operand[index]`.
    mutating func checkIndex(_ id: NodeID, operand: NodeID, index: NodeID) {
        check(operand)
        check(index)
        if case .host(.event) = meanings[operand], case .literal(.string(let field)) = tree[index].kind,
            let fact = Fact.named(field)
        {
            meanings[id] = .host(.fact(fact))
            types[id] = StaticType(fact.type)
            mention(fact.name)
        }
        guard let type = types[operand].valueType else { return }
        if type != .map, type != .list {
            report("\(words(operand)) is \(type.words) and cannot be indexed", at: operand)
        } else if type == .list, let indexType = types[index].valueType, !indexType.isNumber {
            report("a list is indexed by a whole number, but \(words(index)) is \(indexType.words)", at: index)
        }
    }

    // MARK: Calls

    /// Finds the function of a call and checks its arguments.
    mutating func checkCall(_ id: NodeID, _ call: FunctionCall) {
        let (name, receiver, arguments) = (call.name, call.receiver, call.arguments)
        if let receiver, let path = path(receiver)?.name,
            let function = environment.functions.function("\(path).\(name)", isMethod: false, arity: arguments.count)
        {
            for argument in arguments { check(argument) }
            meanings[id] = .function(function)
            checkArguments(id, function, arguments)
            return
        }
        let values = (receiver.map { [$0] } ?? []) + arguments
        for value in values { check(value) }
        let functions = environment.functions
        guard let function = functions.function(name, isMethod: receiver != nil, arity: values.count) else {
            meanings[id] = .unknown
            reportUnknownFunction(id, call)
            return
        }
        meanings[id] = .function(function)
        checkArguments(id, function, values)
        if name == "matches", values.count == 2 { compilePattern(id, literal: values[1]) }
    }

    private mutating func reportUnknownFunction(_ id: NodeID, _ call: FunctionCall) {
        let (name, receiver, arguments) = (call.name, call.receiver, call.arguments)
        let functions = environment.functions
        let isMethod = receiver != nil
        let arities = functions.arities(name, isMethod: isMethod)
        let other = functions.arities(name, isMethod: !isMethod)
        if !arities.isEmpty {
            let counts = arities.map { String($0) }.joined(separator: " or ")
            let noun = arities == [1] ? "argument" : "arguments"
            report("\(name) takes \(counts) \(noun), not \(arguments.count)", at: id, place: call.place)
        } else if !other.isEmpty {
            let first = arguments.first.map { tree.text(of: $0) } ?? "text"
            let rest = arguments.dropFirst().map { tree.text(of: $0) }.joined(separator: ", ")
            let called = receiver.map { "\(name)(\(tree.text(of: $0)))" } ?? "\(first).\(name)(\(rest))"
            report("\(name) is called the other way", at: id, hint: "write \(called)", place: call.place)
        } else {
            let macros = isMethod ? ["all", "exists", "exists_one", "map", "filter"] : ["has"]
            let known = functions.names(isMethod: isMethod) + macros + functions.names(isMethod: !isMethod)
            let near = Suggestion.nearest(to: name, among: known)
            let guess = near.map { "; did you mean \"\($0)\"?" } ?? ""
            report("unknown function \"\(name)\"" + guess, at: id, place: call.place)
        }
    }

    private mutating func checkArguments(_ id: NodeID, _ function: Function, _ arguments: [NodeID]) {
        let given = arguments.map { types[$0] }
        let fitting = function.overloads.filter { overload in
            given.indices.allSatisfy { given[$0].fits(overload.parameter($0)) }
        }
        guard let first = fitting.first else {
            reportMismatch(function, arguments)
            return
        }
        types[id] = fitting.dropFirst().reduce(first.result) { $0.joined($1.result) }
        checkLiteralConversion(id, function, arguments)
    }

    private mutating func reportMismatch(_ function: Function, _ arguments: [NodeID]) {
        for (position, argument) in arguments.enumerated() {
            let wanted = Set(function.overloads.map { $0.parameter(position) })
            guard !wanted.contains(where: { types[argument].fits($0) }), let type = types[argument].valueType
            else { continue }
            let names = function.overloads.compactMap { $0.parameter(position).valueType?.words }
            var unique: [String] = []
            for name in names where !unique.contains(name) { unique.append(name) }
            let role = function.isMethod && position == 0 ? "works on" : "takes"
            report(
                "\(function.name) \(role) \(unique.joined(separator: " or ")), but \(words(argument)) is \(type.words)",
                at: argument,
                hint: type.isNumber && wanted == [.string] ? "write string(\(tree.text(of: argument)))" : nil
            )
            return
        }
        report("\(function.name) does not take these types together", at: arguments[0])
    }

    /// Runs conversions of literal texts and looks up zones, so that `duration("5 minutes")` fails when the rules load.
    private mutating func checkLiteralConversion(_ id: NodeID, _ function: Function, _ arguments: [NodeID]) {
        if arguments.count == 2, function.overloads[0].parameters == [.timestamp, .string],
            case .literal(.string(let zone)) = tree[arguments[1]].kind,
            let (message, hint) = Function.complaint(ofZone: zone)
        {
            report(message, at: arguments[1], hint: hint)
        }
        guard ["duration", "timestamp"].contains(function.name), case .one(let body) = function.body,
            case .literal(let value) = tree[arguments[0]].kind
        else { return }
        var budget = StepBudget()
        do {
            _ = try body(value, &budget)
        } catch {
            report(error.message, at: arguments[0])
        }
    }

    private mutating func compilePattern(_ id: NodeID, literal: NodeID) {
        guard case .literal(.string(let text)) = tree[literal].kind else { return }
        do {
            meanings[id] = .pattern(try Pattern(text))
        } catch {
            report(
                "the regular expression cannot be used: \(error.message)", at: literal,
                hint: "the syntax is that of RE2, without look-around and back-references"
            )
        }
    }
}
