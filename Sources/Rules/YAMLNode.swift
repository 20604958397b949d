package import Expressions

/// A part of a YAML file: our own tree, so that no type of the YAML library is seen elsewhere.
package struct YAMLNode: Sendable {
    /// What a part of a file can be.
    package indirect enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// The entries in the order of the file, keys unique.
        case mapping([YAMLEntry])
        /// Something that has been reported already; readers pass over it in silence.
        case reported
    }

    package let content: Content
    /// Where the part begins and how much of that line belongs to it.
    package let range: SourceRange
}

/// A key with its value.
package struct YAMLEntry: Sendable {
    package let key: String
    /// Where the key stands.
    package let keyRange: SourceRange
    package let value: YAMLNode
}

/// A scalar as it was written, before anything is made of it.
package struct YAMLScalar: Sendable {
    /// How a scalar is written (YAML 1.2.2 §7.3, §8.1).
    package enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// The value after unquoting and folding.
    package let text: String
    package let style: Style
    /// The first scalar of the value in the file: the quote of a quoted one, the `|` or `>` of a block.
    package let start: SourcePosition

    package init(text: String, style: Style, start: SourcePosition) {
        self.text = text
        self.style = style
        self.start = start
    }
}

extension YAMLNode {
    /// Whether the part is a null: nothing at all, `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.resolved == .null
    }

    /// What the part is called in a message about it.
    package var kind: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .reported: "nothing"
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: "nothing"
            case .bool: "a truth value"
            case .int, .double: "a number"
            case .text: "a text"
            }
        }
    }
}
