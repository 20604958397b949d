import Testing

/// Arrows between the rooms point one way; a pure room touches no clock, no file and no socket.
struct ImportDirectionTests {
    /// What each room may import. A new import is a decision: change this table in the same commit and say why.
    static let allowed: [String: Set<String>] = [
        "Events": ["COpenSSL", "Synchronization"],
        "Expressions": ["Events", "CRE2", "Synchronization"],
        "Rules": ["Events", "Expressions", "Yams", "HeapModule"],
        "Mail": [],
        "Rendering": ["Events", "Rules", "Mail", "BuiltinTemplates", "Mustache"],
        "Transports": ["Mail", "CCurl", "COpenSSL", "Glibc", "Synchronization", "Foundation"],
        "Store": [
            "Events", "Rules", "Mail", "GRDB", "GRDBSQLite", "CSQLite", "Glibc", "Synchronization", "Foundation",
            "Dispatch",
        ],
        "Bridge": [
            "Events", "Expressions", "Rules", "Mail", "Rendering", "Transports", "Store", "Hummingbird",
            "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTP1", "NIOPosix", "ServiceLifecycle", "Logging",
            "Synchronization", "Glibc", "Foundation", "UnixSignals",
        ],
        "hookmail": [
            "Events", "Expressions", "Rules", "Mail", "Rendering", "Transports", "Store", "Bridge", "ArgumentParser",
            "UnixSignals", "Logging", "Synchronization", "Glibc", "Foundation",
        ],
    ]

    /// Files that may import Foundation inside a room that otherwise does without.
    static let bridgesToFoundation: Set<String> = ["Sources/Rules/YAMLComposer.swift"]

    /// The one file of a pure room that reads files, those of the machine's time zones: constant data, which a rule
    /// set cannot be read without. See the decision TimeZonesAreConstantData.
    static let zoneFiles = "Sources/Events/Zones/ZoneFiles.swift"

    @Test func everyImportIsInTheTable() throws {
        #expect(House.sources.count > 30, "the tree was not found")
        for file in House.sources where file.path.hasSuffix(".swift") {
            let room = String(file.path.split(separator: "/")[1])
            let allowed = try #require(Self.allowed[room], "no row for the room \(room)")
            for module in imports(of: file)
            where (module != "Foundation" || !Self.bridgesToFoundation.contains(file.path))
                && (module != "Glibc" || file.path != Self.zoneFiles)
            {
                #expect(allowed.contains(module), "\(file.path) imports \(module), which \(room) may not")
            }
        }
    }

    @Test func grdbStaysInTheStoreAndCurlInTransports() {
        for file in House.sources where file.path.hasSuffix(".swift") {
            let modules = imports(of: file)
            if modules.contains("GRDB") { #expect(file.path.hasPrefix("Sources/Store/")) }
            if modules.contains("CCurl") { #expect(file.path.hasPrefix("Sources/Transports/")) }
            #expect(!modules.contains("FoundationNetworking"), "\(file.path): a second libcurl user, 20 ms at start")
        }
    }

    private func imports(of file: House.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ").drop {
                ["package", "internal", "private", "@preconcurrency"].contains($0)
            }
            guard words.first == "import", let last = words.last else { return nil }
            return String(last.split(separator: ".")[0])
        }
    }
}
