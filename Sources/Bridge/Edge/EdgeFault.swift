/// Why the edge ends a request that is being read; the listener answers it.
enum EdgeFault: Error, Sendable {
    /// The body came too slowly.
    case tooSlow
}
