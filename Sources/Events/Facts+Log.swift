extension Facts {
    /// Takes the facts of a log as a sender writes it: aliases resolved, values coerced, derived facts added, content
    /// and credentials left out. Envelopes are unwrapped as for a received event, and the first event counts.
    ///
    /// For captured and invented events only: nothing about the bytes has been verified.
    package init(log bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) {
        let document = try JSONDocument(bytes, limits: limits)
        guard let first = Envelope.open(document)?.events.first else { throw JSONFault(.notAnObject, at: 0) }
        self.init(of: first.node, in: document, type: first.type, isLog: first.isLog)
    }

    /// Takes the facts of the object at `node`.
    ///
    /// - Parameters:
    ///   - type: What the sender calls the event, which outranks a member of that name.
    ///   - isLog: Whether it is a request log, whose members mean what `Fact` says. Of any other event a member whose
    ///     value does not fit the fact of its name is kept as it stands, and room is shared among its parts.
    ///   - without: A member that is left out, because it is a credential of this sender.
    init(
        of node: Int, in document: JSONDocument, type: String? = nil, isLog: Bool = true,
        without: StaticString? = nil
    ) {
        var collector = FactCollector(document: document, isLog: isLog, without: without)
        collector.collect(node)
        if let type { collector.name(type) }
        collector.derive()
        var packer = FactPacker(document: document)
        packer.pack(collector, sharesRoom: !isLog)
        self = packer.finish()
    }
}
