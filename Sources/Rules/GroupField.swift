package import Expressions

/// A value that parts a rule's events into groups: one of `per`.
package struct GroupField: Sendable {
    /// The most fields a rule may have.
    package static let countMax = 4
    /// The longest value of a group in bytes; longer ones are cut.
    package static let valueBytesMax = 200
    /// What stands for a value that the event does not have.
    package static let none = "(none)"

    /// As written: a fact or a member, such as `model` or `metadata.team`.
    package let name: String
    package let value: Program

    package init(name: String, value: Program) {
        self.name = name
        self.value = value
    }
}
