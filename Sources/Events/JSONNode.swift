/// One entry of a document's flat tape: 16 bytes that name a span of the text.
///
/// Nodes stand in the order of the text. An object is followed by its members, each a key node and the nodes of its
/// value; an array by its elements. Nothing is unescaped or converted here.
struct JSONNode {
    /// What the span is.
    enum Kind: UInt8 {
        case null, `true`, `false`
        /// A number token without fraction and exponent.
        case integer
        /// A number token with a fraction or an exponent.
        case double
        /// Python's extensions to JSON.
        case notANumber, infinity, negativeInfinity
        case string, array, object
        /// A member's name.
        case key
        /// A name that stood before in the same object: its member is none, its value counts at the first place.
        case droppedKey
    }

    /// What a string or key holds beside plain printable ASCII.
    struct Content: OptionSet {
        let rawValue: UInt8
        /// Backslash escapes.
        static let escapes = Content(rawValue: 1)
        /// Multi-byte UTF-8 or DEL, which the canonical text escapes.
        static let wide = Content(rawValue: 2)
    }

    /// Where the span begins in the text; strings and keys without their quotes.
    var start: UInt32
    /// Bytes of the span.
    var length: UInt32
    /// Of a value: the index after its last descendant. Of a key: the index of the value that counts for it, which is
    /// the value of its last repetition.
    var next: UInt32
    var kind: Kind
    var content: Content = []
}
