package import Events

/// What a rule shows of an event's content: asked for at the decision, filled in before the decision is committed, so
/// that the mail is composed of the notification alone. The texts are cut and redacted by whoever fills them in.
package struct ShownContent: Sendable, Equatable {
    /// The beginning of one text.
    package struct Excerpt: Sendable, Equatable {
        package let path: ContentPath
        /// Redacted; not yet fit to be shown: links and hidden characters are as they came.
        package let text: String
        /// The Unicode scalars of the text that are not in the excerpt.
        package let scalarsLeft: Int

        package init(path: ContentPath, text: String, scalarsLeft: Int) {
            self.path = path
            self.text = text
            self.scalarsLeft = scalarsLeft
        }
    }

    /// Whether the event's body could be read.
    package enum Body: String, Sendable {
        /// Nobody has looked yet.
        case awaited
        case read
        /// It was not stored, or has been pruned.
        case gone
        /// The store could not give it, or it is no JSON.
        case unreadable
    }

    /// The most bytes that all excerpts of a notification have in their stored form.
    package static let bytesMax = 16 << 10
    /// The most characters (Unicode scalars) of one excerpt.
    package static let excerptScalarsMax = 2_000
    /// The most lines of one excerpt.
    package static let excerptLinesMax = 60

    /// What the rule asks for, in the order of the file.
    package let wanted: [ContentPath]
    package let body: Body
    /// In the order of `wanted`; what the event has not is left out.
    package let excerpts: [Excerpt]

    package init(wanted: [ContentPath], body: Body = .awaited, excerpts: [Excerpt] = []) {
        self.wanted = wanted
        self.body = body
        self.excerpts = excerpts
    }

    /// What was asked for and is not in the event.
    package var absent: [ContentPath] {
        body == .read ? wanted.filter { path in !excerpts.contains { $0.path == path } } : []
    }
}

extension Notification {
    /// What is still to be looked up in the event's body; empty for most notifications.
    package var awaitedContent: [ContentPath] {
        guard let content = figures.content, content.body == .awaited else { return [] }
        return content.wanted
    }

    /// The bytes that excerpts may still take in this notification's stored form.
    package var contentRoomBytes: Int {
        max(0, min(ShownContent.bytesMax, Self.encodedBytesMax - encoded().count - Self.contentFrameBytes))
    }

    /// What stands around the excerpts of the longest list of paths, in the stored form.
    private static let contentFrameBytes = 10 << 10

    /// The same notification with content found; the excerpts fit `contentRoomBytes`.
    package func showing(_ content: ShownContent) -> Notification {
        var copy = self
        copy.figures.content = content
        return copy
    }

    /// The same notification, asking for content where there is something to ask for.
    func awaiting(_ paths: [ContentPath]) -> Notification {
        paths.isEmpty ? self : showing(ShownContent(wanted: paths))
    }
}

// MARK: The stored form

extension ShownContent {
    /// One JSON object.
    var json: JSONValue {
        var object = JSONObject()
        object["wanted"] = .array(wanted.map { .string($0.name) })
        object["body"] = .string(body.rawValue)
        object["excerpts"] = .array(
            excerpts.map { .array([.string($0.path.name), .string($0.text), .int(Int64($0.scalarsLeft))]) })
        return .object(object)
    }

    /// Reads what `json` gives; `nil` for anything else.
    init?(json: JSONValue) {
        guard let body = json["body"]?.string.flatMap(Body.init(rawValue:)), let wanted = json["wanted"]?.array,
            let excerpts = json["excerpts"]?.array
        else { return nil }
        self.init(
            wanted: wanted.compactMap { $0.string.flatMap { try? ContentPath(parsing: $0) } }, body: body,
            excerpts: excerpts.compactMap { excerpt in
                guard let parts = excerpt.array, parts.count == 3, let text = parts[1].string,
                    let path = parts[0].string.flatMap({ try? ContentPath(parsing: $0) }), let left = parts[2].int
                else { return nil }
                return Excerpt(path: path, text: text, scalarsLeft: Int(clamping: left))
            })
    }
}
