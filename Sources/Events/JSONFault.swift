/// Why a text is not JSON that Hookmail reads. Holds a place but nothing of the text.
package struct JSONFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of fault; each has one constant sentence.
    package enum Kind: Sendable, CaseIterable {
        /// The text is empty or white space only.
        case empty
        /// The text ends inside a value.
        case truncated
        /// A byte stands where the grammar of RFC 8259 has no place for it.
        case unexpectedByte
        /// Something follows the value.
        case trailingBytes
        /// A raw control character inside a string.
        case controlCharacter
        /// A backslash before something that is no escape.
        case badEscape
        /// Bytes that are not UTF-8 (RFC 3629): overlong, surrogate or stray ones.
        case notUTF8
        /// A byte order mark at the beginning.
        case byteOrderMark
        /// Deeper than `JSONLimits.depthMax`.
        case tooDeep
        /// More values than `JSONLimits.valuesMax`.
        case tooManyValues
        /// An integer longer than `JSONLimits.integerDigitsMax`.
        case integerTooLong
        /// More than 4 GiB of text.
        case tooLong
        /// JSON, but not an object where one is needed.
        case notAnObject
    }

    package let kind: Kind
    /// The byte at which reading stopped, counted from 0.
    package let offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// What is wrong, in words that hold for every text.
    package var reason: String {
        switch kind {
        case .empty: "the text is empty"
        case .truncated: "the text ends inside a value"
        case .unexpectedByte: "a character stands where JSON allows none like it"
        case .trailingBytes: "something follows the JSON value"
        case .controlCharacter: "a string holds a raw control character"
        case .badEscape: "a string holds an unknown escape"
        case .notUTF8: "the text is not UTF-8"
        case .byteOrderMark: "the text begins with a byte order mark"
        case .tooDeep: "arrays and objects are nested too deeply"
        case .tooManyValues: "the text holds too many values"
        case .integerTooLong: "an integer has too many digits"
        case .tooLong: "the text is too long"
        case .notAnObject: "the value is not an object"
        }
    }

    package var description: String { "not readable as JSON at byte \(offset): \(reason)" }
}
