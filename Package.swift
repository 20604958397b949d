// swift-tools-version: 6.2
// Hookmail: signed webhook events in, mails people are glad to get out.
import PackageDescription

/// One compiler contract for every target of ours; dependencies keep their own.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "hookmail",
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // System libraries: a module map and a shim header, one typed function per option used.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),

        // Pure rooms: no clock, no IO.
        .target(name: "Events", dependencies: ["COpenSSL"]),
        .target(name: "Expressions", dependencies: ["Events", "CRE2"]),
        .target(
            name: "Rules",
            dependencies: [
                "Events", "Expressions", .product(name: "Yams", package: "Yams"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        .target(name: "Mail"),
        .target(
            name: "Rendering",
            dependencies: [
                "Events", "Rules", "Mail", "BuiltinTemplates", .product(name: "Mustache", package: "swift-mustache"),
            ]
        ),
        .target(name: "BuiltinTemplates", path: "templates", resources: [.embedInCode("mail")]),

        // Rooms that touch the world.
        .target(name: "Transports", dependencies: ["Mail", "CCurl"]),
        .target(
            name: "Store",
            dependencies: ["Events", "Rules", "Mail", "CSQLite", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(
            name: "Bridge",
            dependencies: [
                "Events", "Expressions", "Rules", "Mail", "Rendering", "Transports", "Store",
                hummingbird, hummingbirdCore, httpTypes, nio, nioHTTP1, nioPosix, lifecycle, signals, logging,
            ]
        ),
        .executableTarget(
            name: "hookmail",
            dependencies: [
                "Events", "Expressions", "Rules", "Mail", "Rendering", "Transports", "Store", "Bridge",
                signals, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Parts of Hookmail alone, for runs beside other programs; no user gets it.
        .executableTarget(
            name: "hookmail-bench",
            dependencies: [
                "Events", "Expressions", "Rules", "Mail", "Transports", "Store",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/HookmailBench"
        ),

        .target(
            name: "TestSupport",
            dependencies: ["Events", "Expressions", "Rules", "Mail", "Store"],
            path: "Tests/TestSupport",
            exclude: [
                "check_mails.py", "list_addresses.py", "list_attachments.py", "verify_dkim.py", "tls_mail_server.py",
            ]
        ),
        .testTarget(
            name: "EventsTests", dependencies: ["Events", "TestSupport"], exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "ExpressionsTests", dependencies: ["Events", "Expressions", "TestSupport"],
            exclude: ["Fixtures", "cel_oracle.py"]
        ),
        .testTarget(
            name: "RulesTests", dependencies: ["Events", "Expressions", "Rules", "TestSupport"],
            exclude: ["ImportFixtures", "Scenarios"]
        ),
        .testTarget(name: "MailTests", dependencies: ["Mail", "TestSupport"], exclude: ["Golden"]),
        .testTarget(
            name: "RenderingTests",
            dependencies: [
                "Events", "Rules", "Mail", "Rendering", "BuiltinTemplates", "Transports", "TestSupport",
            ],
            exclude: ["Golden"]
        ),
        .testTarget(name: "TransportsTests", dependencies: ["Mail", "Transports", "TestSupport"]),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Events", "Rules", "Mail", "Store", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "BridgeTests",
            dependencies: [
                "Events", "Expressions", "Rules", "Mail", "Rendering", "Transports", "Store", "Bridge", "TestSupport",
                logging,
            ],
            exclude: ["Edge/RawRequests", "ConfigurationFixtures", "DoctorFixtures", "Configuration/check_schema.py"]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["hookmail", "Events", "Mail", "Transports", "TestSupport"],
            exclude: [
                "Explained", "Help", "MistypedCommands", "NewcomerMistakes", "SendTestSnapshots", "WindowMistakes",
                "peer_limit.py",
            ]
        ),
        .testTarget(name: "TidyTests", dependencies: ["BuiltinTemplates"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where target.type == .regular || target.type == .executable || target.type == .test {
    guard target.name != "CRE2" else { continue }
    target.swiftSettings = settings
}
