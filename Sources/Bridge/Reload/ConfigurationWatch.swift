import ServiceLifecycle

/// Looks whether one of the files that the configuration was made of has changed, and asks for a reload: the
/// configuration itself, files of secrets, certificate authorities and templates.
///
/// It polls, because that works on every file system (network mounts, the links that Kubernetes swaps) and needs no
/// descriptor per file.
struct ConfigurationWatch: Service {
    /// How often the files are looked at, in milliseconds.
    static let pollMilliseconds = 1_000
    /// How long the files must have rested before a change counts, in milliseconds: editors and deployments write in
    /// several steps.
    static let restMilliseconds = 300

    let reloader: Reloader

    /// Watches until a graceful shutdown.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await watch() }
        } catch is CancellationError {
            return
        }
    }

    private func watch() async throws {
        var known = stamps()
        // What changed between the reading at the start and the first look.
        _ = await reloader.reload(.fileChange)
        while true {
            try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
            let now = stamps()
            if Self.isChanged(now, since: known) {
                known = try await rested()
            } else if now.keys.contains(where: { !known.keys.contains($0) }) {
                // Files that the last reading was the first to name. They may have changed since it.
                known.merge(now) { before, _ in before }
            } else {
                continue
            }
            _ = await reloader.reload(.fileChange)
        }
    }

    /// Whether a file is another one than it was. A file that the last reading was the first to name is no change.
    private static func isChanged(_ now: [String: FileStamp?], since known: [String: FileStamp?]) -> Bool {
        now.contains { path, stamp in known[path].map { $0 != stamp } ?? false }
    }

    /// The stamps once two looks in a row find the same.
    private func rested() async throws -> [String: FileStamp?] {
        var before = stamps()
        while true {
            try await Task.sleep(for: .milliseconds(Self.restMilliseconds))
            let now = stamps()
            if now == before { return now }
            before = now
        }
    }

    private func stamps() -> [String: FileStamp?] {
        Dictionary(reloader.files.map { ($0, FileStamp(path: $0)) }, uniquingKeysWith: { first, _ in first })
    }
}
