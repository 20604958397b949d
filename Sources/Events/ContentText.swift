/// The beginning of a content text, and how long the whole is.
package struct ContentText: Sendable, Equatable {
    /// The first scalars, as far as was asked for.
    package let head: String
    /// The Unicode scalars of the whole text.
    package let scalars: Int

    /// Whether `head` is not all of it.
    package var isCut: Bool { head.unicodeScalars.count < scalars }
}

/// Takes a text piece by piece, keeps its beginning and counts the rest, so that a text of megabytes costs one pass
/// and no memory.
struct ContentSink {
    private let bytesMax: Int
    private var kept: [UInt8] = []
    /// The scalars taken so far.
    private(set) var scalars = 0
    /// The last byte taken.
    private(set) var last: UInt8?

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Takes whole UTF-8 scalars.
    mutating func append(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        for byte in bytes {
            if byte & 0xC0 != 0x80 { scalars += 1 }
            // One byte more than the bound shows where a cut must not fall.
            if kept.count <= bytesMax { kept.append(byte) }
            last = byte
        }
    }

    /// Takes a text of which only the beginning is at hand. It has as many bytes as this sink keeps, so nothing that
    /// comes behind it is kept.
    mutating func append(_ text: ContentText) {
        let before = scalars
        append(text.head.utf8)
        scalars = before + text.scalars
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// What was taken.
    var text: ContentText {
        let head = UTF8Cut.prefix(kept, bytesMax: bytesMax)
        return ContentText(head: String(decoding: head, as: UTF8.self), scalars: scalars)
    }
}
