package import Events

/// The sources in force together: which path leads to which source, and how its deliveries are
/// verified.
package struct SourceTable: Sendable {
    /// The source's name by its path without the last slash.
    private let names: [String: String]
    /// The proxies whose word about a sender's address is believed.
    let trustedProxies: [AddressBlock]
    /// By the source's name.
    private let verifiers: [String: SignatureVerifier]

    /// - Parameter sources: paths with or without the last slash; of two with one path the first counts.
    package init(
        _ sources: [(path: String, name: String, verifier: SignatureVerifier)], trustedProxies: [AddressBlock] = []
    ) {
        self.trustedProxies = trustedProxies
        names = Dictionary(
            sources.map { (Self.withoutTrailingSlash($0.path), $0.name) }, uniquingKeysWith: { first, _ in first })
        verifiers = Dictionary(
            sources.map { ($0.name, $0.verifier) }, uniquingKeysWith: { first, _ in first })
    }

    /// How many sources there are.
    var count: Int { verifiers.count }

    /// The paths of all sources, without the last slash, in order.
    var paths: [String] { names.keys.sorted() }

    /// All verifiers, by the names of their sources.
    var allVerifiers: [SignatureVerifier] { verifiers.values.sorted { $0.source < $1.source } }

    /// The name of the source at a path, with or without the last slash.
    func name(atPath path: String) -> String? {
        names[Self.withoutTrailingSlash(path)]
    }

    /// The verifier of a source by name.
    func verifier(of source: String) -> SignatureVerifier? {
        verifiers[source]
    }

    private static func withoutTrailingSlash(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
