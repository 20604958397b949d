/// What the doctor says about one request: never a secret, a signature or a word of the body.
package struct Diagnosis: Sendable {
    /// What the search went through.
    package struct Tried: Sendable {
        /// The labels of the secrets, each once.
        package var secrets: [String] = []
        /// The words for the texts.
        package var texts: [String] = []
        /// The headers in which something that can be a signature stands, each once.
        package var headers: [String] = []
        /// Whether the search ended early, because the body is large and the secrets are many.
        package var isCut = false
    }

    /// Whether the server would take the request.
    package let verifies: Bool
    /// One sentence in plain words.
    package let verdict: String
    /// What else is wrong, in the same manner.
    package var further: [String] = []
    /// What to change, here or at the sender; what to look for when nothing was found.
    package var changes: [String] = []
    /// How the signature was made, where that was found out.
    package var match: SignatureMatch?
    package var tried = Tried()

    /// For people, line by line.
    package var lines: [String] {
        var lines = [verdict] + further.map { "Also: \($0)" }
        if let match, !verifies {
            lines += ["", "The signature comes from:"] + Self.facts(match).map { "  \($0)" }
        }
        if !changes.isEmpty {
            let isKnown = match != nil || tried.secrets.isEmpty
            lines += ["", verifies ? "Worth knowing:" : isKnown ? "What to change:" : "What to look for:"]
            lines += changes.map { "  - \($0)" }
        }
        if match == nil, !tried.headers.isEmpty {
            lines += ["", "What was tried:"]
            lines.append("  secrets: \(tried.secrets.joined(separator: ", ")); as they stand, decoded and trimmed")
            lines.append("  texts: \(tried.texts.joined(separator: "; "))")
            lines.append("  headers: \(tried.headers.joined(separator: ", "))")
            if tried.isCut { lines.append("  not everything: the body is large and the secrets are many") }
        }
        return lines
    }

    private static func facts(_ match: SignatureMatch) -> [String] {
        let secret = "secret  \(match.secret.label) of the source \(match.source)"
        if match.framing == .token { return [secret, "header  \(match.header), which is the secret itself"] }
        let code =
            match.secret.bytes.starts(with: "whpk_".utf8) ? "Ed25519" : "HMAC-\(match.algorithm.rawValue.uppercased())"
        return [secret, "text    \(match.text.words)", "header  \(match.header), \(code)"]
    }

    /// For programs.
    package var json: JSONValue {
        func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
        var tried = JSONObject()
        tried["secrets"] = texts(self.tried.secrets)
        tried["texts"] = texts(self.tried.texts)
        tried["headers"] = texts(self.tried.headers)
        tried["complete"] = .bool(!self.tried.isCut)
        var object = JSONObject()
        object["verifies"] = .bool(verifies)
        object["verdict"] = .string(verdict)
        object["further"] = texts(further)
        object["changes"] = texts(changes)
        object["match"] = match?.json ?? .null
        object["tried"] = .object(tried)
        return .object(object)
    }
}
