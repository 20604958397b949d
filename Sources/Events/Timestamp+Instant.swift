/// Lets pure code that is generic over time (retry policy, breaker) count with timestamps.
extension Timestamp: InstantProtocol {
    /// The time from this instant to `other`.
    package func duration(to other: Timestamp) -> Duration { other - self }
}
