/// The id by which an event is known again: that of its delivery, else its `unique_id`, else its `id`, else its digest.
struct EventIdentity {
    /// A longer id is replaced by its hash.
    private static let idBytesMax = 200

    let id: String
    let origin: EventKey.Origin

    /// Reads the identity of the object at `node`. An event without id in an array gets its index beside the digest,
    /// because an array may well hold the same object twice, and beside the id of the delivery, which all share.
    ///
    /// - Parameters:
    ///   - delivery: The id of the delivery, where a header names it.
    ///   - deliveryMember: The member in which the scheme keeps it otherwise.
    init(
        of node: Int, in document: JSONDocument, digest: [UInt8], index: Int?, delivery: String? = nil,
        deliveryMember: StaticString? = nil
    ) {
        let suffix = index.map { "#\($0)" } ?? ""
        if let delivery {
            id = (Self.printable(Array(delivery.utf8)) ?? "") + suffix
            origin = .delivery
            return
        }
        if let deliveryMember, let value = document.member(deliveryMember, of: node),
            let found = Self.text(value, in: document)
        {
            id = found
            origin = .delivery
            return
        }
        let names: [(StaticString, EventKey.Origin)] = [("unique_id", .uniqueID), ("id", .id)]
        for (name, origin) in names {
            guard let value = document.member(name, of: node), let id = Self.text(value, in: document) else { continue }
            self.id = id
            self.origin = origin
            return
        }
        id = Hex.encode(digest) + suffix
        origin = .digest
    }

    /// A text that is not empty, or an integer.
    private static func text(_ index: Int, in document: JSONDocument) -> String? {
        let node = document.nodes[index]
        let text: [UInt8]
        switch node.kind {
        case .string: text = document.text(node, loneSurrogates: .kept)
        case .integer: text = Array(document.span(node))
        default: return nil
        }
        return printable(text)
    }

    /// A text that is not empty as an id.
    private static func printable(_ text: [UInt8]) -> String? {
        guard !text.isEmpty else { return nil }
        // Ids are stored, printed and compared: a long one, one with control characters and one with half a character
        // stands for itself by its hash.
        let isPlain = text.count <= idBytesMax && text.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        if isPlain, let id = String(validating: text, as: UTF8.self) { return id }
        return "sha256:" + Hash.sha256Hex(text)
    }
}
