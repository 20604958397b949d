/// What the reader accepts at most. A text beyond any of these is refused as a whole.
package struct JSONLimits: Sendable, Equatable {
    /// Open arrays and objects at one time.
    package var depthMax: Int
    /// Values in the whole text: scalars, arrays and objects; keys are not counted.
    package var valuesMax: Int
    /// Digits of a number token without fraction and exponent. CPython refuses more than 4,300, so a longer one has no
    /// canonical text.
    package var integerDigitsMax: Int

    package init(depthMax: Int = 512, valuesMax: Int = 4_000_000, integerDigitsMax: Int = 4_300) {
        self.depthMax = depthMax
        self.valuesMax = valuesMax
        self.integerDigitsMax = integerDigitsMax
    }

    /// The limits of received bodies.
    package static let standard = JSONLimits()
}
