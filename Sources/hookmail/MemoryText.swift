/// How much is remembered, for people.
enum MemoryText {
    /// As in `12 groups (34 kB)`; about that much, so in whole units of 1,000.
    static func words(groups: Int, bytes: Int) -> String {
        "\(groups) group\(groups == 1 ? "" : "s") (\(size(bytes)))"
    }

    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) bytes"
        case ..<1_000_000: "\((bytes + 500) / 1_000) kB"
        default: "\((bytes + 500_000) / 1_000_000) MB"
        }
    }
}
