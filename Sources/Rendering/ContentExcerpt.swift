import Events
package import Rules

/// The excerpts of an event's content that go into a notification: redacted first, then cut, so that no cut can leave
/// half a key or half a card number standing.
package enum ContentExcerpt {
    /// How much of a text is looked at, in bytes: far more than an excerpt shows, so that what redaction shortens does
    /// not empty it.
    private static let headBytesMax = 32 << 10
    /// What is given up at the end of a head that is not the whole text, in characters: what is private may be torn
    /// there, and what is torn has lost its form.
    private static let tornScalarsMax = 512

    /// What `notification` asks for of this body, within the room the notification has; `nil` is a body that is not
    /// stored.
    ///
    /// - Parameter redaction: What the operator wants taken out beside what is known by its form.
    package static func content(
        for notification: Notification, body: [UInt8]?, redaction: RedactionPatterns = .none
    ) -> ShownContent {
        let wanted = notification.awaitedContent
        guard let body else { return ShownContent(wanted: wanted, body: .gone) }
        guard let reader = try? ContentReader(body) else { return ShownContent(wanted: wanted, body: .unreadable) }
        let found = wanted.compactMap { path in
            reader.text(path, bytesMax: headBytesMax, scalarsWanted: ShownContent.excerptScalarsMax).map {
                (path: path, text: $0)
            }
        }
        let room = notification.contentRoomBytes / max(1, found.count)
        let excerpts = found.map { excerpt(of: $0.text, at: $0.path, bytesMax: room, redaction) }
        return ShownContent(wanted: wanted, body: .read, excerpts: excerpts)
    }

    private static func excerpt(
        of text: ContentText, at path: ContentPath, bytesMax: Int, _ redaction: RedactionPatterns
    ) -> ShownContent.Excerpt {
        var seen = Array(redaction.redacted(Redaction.redacted(text.head)).unicodeScalars)
        let unseen = text.scalars - text.head.unicodeScalars.count
        let torn = unseen > 0 ? min(seen.count, tornScalarsMax) : 0
        seen.removeLast(torn)
        let end = cut(seen, bytesMax: bytesMax)
        return ShownContent.Excerpt(
            path: path, text: String(String.UnicodeScalarView(seen[..<end])),
            scalarsLeft: unseen + torn + seen.count - end)
    }

    /// Where an excerpt ends: at the most characters, lines, or bytes of the stored form.
    private static func cut(_ scalars: [Unicode.Scalar], bytesMax: Int) -> Int {
        var bytes = 0
        var lines = 1
        for (index, scalar) in scalars.enumerated() {
            bytes += storedBytes(scalar)
            if scalar == "\n" { lines += 1 }
            if index >= ShownContent.excerptScalarsMax || lines > ShownContent.excerptLinesMax || bytes > bytesMax {
                return index
            }
        }
        return scalars.count
    }

    /// The bytes of a scalar inside a JSON string.
    private static func storedBytes(_ scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "\"", "\\", "\n", "\r", "\t": 2
        case "\0"..<" ": 6
        default: UTF8.width(scalar)
        }
    }
}
