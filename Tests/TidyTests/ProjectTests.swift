import BuiltinTemplates
import Foundation
import Testing

/// The project as a whole keeps its word: what the README names exists, what is in `templates` is embedded, and the
/// checks that guard the tree are really called.
struct ProjectTests {
    @Test func everyTemplateIsEmbedded() throws {
        let onDisk = Set(
            House.templates.map(\.path).filter { $0.hasSuffix(".mustache") }.map { path in
                String((path.split(separator: "/").last ?? "").dropLast(".mustache".count))
            })
        #expect(!onDisk.isEmpty)
        #expect(Set(BuiltinTemplates.files.keys) == onDisk)
    }

    @Test func scriptsNamedInTheReadmeExistAndAreExecutable() throws {
        let readme = try House.text("README.md")
        for script in ["scripts/demo", "scripts/test"] {
            #expect(readme.contains(script), "the README does not name \(script)")
            #expect(FileManager.default.isExecutableFile(atPath: House.root + "/" + script))
        }
    }

    @Test func continuousIntegrationCallsTheTestScriptAndTheFormatter() throws {
        let run = try House.text(".ci/run")
        #expect(run.contains("scripts/test"))
        #expect(run.contains("swift format lint --strict"))
        #expect(!run.contains("|| true"), "a check whose failure is ignored is dead")
    }

    @Test func everyTargetKeepsTheCompilerContract() throws {
        let manifest = try House.text("Package.swift")
        for setting in ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "treatAllWarnings"] {
            #expect(manifest.contains(setting))
        }
        #expect(!manifest.contains("from:"), "dependencies stand at exact versions")
    }

    @Test func noTestTargetIsEmpty() {
        let folders = Set(House.tests.map { $0.path.split(separator: "/")[1] }).subtracting(["TestSupport"])
        for folder in folders {
            let count = House.tests.filter { $0.path.hasPrefix("Tests/\(folder)/") && $0.text.contains("@Test") }.count
            #expect(count > 0, "\(folder) holds no test")
        }
    }
}
