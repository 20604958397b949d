/// Why a request made no event.
package enum Refusal: Error, Sendable, Equatable {
    /// No signature of the request fits a secret. Says nothing else: whoever cannot sign learns nothing.
    case unverified
    /// A signature fits, but the body cannot be used. The reason is one constant sentence that echoes nothing.
    case malformed(String)
}
