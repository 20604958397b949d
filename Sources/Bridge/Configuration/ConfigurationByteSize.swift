/// A number of bytes as people write it: `512MiB`, `4GiB`, `2GB`.
struct ByteSize: Sendable, Equatable {
    let bytes: Int64

    private static let units: [(name: String, bytes: Int64)] = [
        ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]

    /// Reads a whole number and a unit, with or without a space between; `nil` for anything else and beyond 64 bits.
    init?(written text: String) {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard let digitText = String(digits), let number = Int64(digitText) else { return nil }
        var name = text.utf8.dropFirst(digits.count)
        if name.first == 0x20 { name = name.dropFirst() }
        guard let unit = Self.units.first(where: { $0.name.utf8.elementsEqual(name) }) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}
