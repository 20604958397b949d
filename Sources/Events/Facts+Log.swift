extension Facts {
    /// Takes the facts of a log as a sender writes it: aliases resolved, values coerced, derived facts added, content
    /// and credentials left out. Envelopes are unwrapped as for a received event, and the first event counts.
    ///
    /// For captured and invented events only: nothing about the bytes has been verified.
    package init(log bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFault) {
        let document = try JSONDocument(bytes, limits: limits)
        guard let first = Envelope.open(document)?.events.first else { throw JSONFault(.notAnObject, at: 0) }
        self.init(of: first.node, in: document)
    }

    /// Takes the facts of the object at `node`.
    init(of node: Int, in document: JSONDocument) {
        var collector = FactCollector(document: document)
        collector.collect(node)
        collector.derive()
        var packer = FactPacker(document: document)
        packer.pack(collector)
        self.init(members: packer.packed, isReduced: packer.isReduced)
    }
}
