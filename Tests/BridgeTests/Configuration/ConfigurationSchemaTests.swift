import Events
import Expressions
import Foundation
import Rules
import TestSupport
import Testing

@testable import Bridge

/// The schema that editors use says the same as the reader.
///
/// A new key of the configuration makes `readerAndSchemaKnowTheSameKeys` fail until `ConfigurationSchema` has it too.
@Suite struct ConfigurationSchemaTests {
    /// Fixtures whose fault a schema can see. The others are faults of meaning (expressions, secrets, names that stand
    /// for nothing) or of YAML itself, which an editor shows without a schema.
    static let structural = [
        "a-list", "a-word", "bad-duration", "bad-from", "bad-throttle", "content-faults",
        "inline-secret", "later-keys", "mail-servers-faults", "later-store", "missing-sections", "rule-as-text",
        "rules-as-mapping", "secret-misspelt", "unknown-key", "unknown-top-key", "when-number", "when-true",
        "window-faults",
    ]

    @Test func readerAndSchemaKnowTheSameKeys() throws {
        var read: [String: Set<String>] = [:]
        for text in try Self.fixtures().map(\.text) + [Self.everyMapping, ConfigurationStarter.text] {
            let sink = DiagnosticSink(source: SourceText(file: "hookmail.yaml", text: text))
            let surroundings = Surroundings()
            _ = ConfigurationReader(
                sink, folder: "", environment: { surroundings.environment[$0] },
                files: { path in surroundings.files[path].map { .success($0) } ?? .failure(.notFound) },
                folders: { _ in .failure(.notFound) }
            ).read()
            read.merge(sink.vocabulary) { $0.union($1) }
        }
        let known = ConfigurationSchema.root.keys
        for subject in Set(read.keys).union(known.keys) {
            let (reader, schema) = (read[subject] ?? [], known[subject] ?? [])
            let place = "in \(subject), see Sources/Bridge/Configuration/Schema"
            #expect(
                reader.subtracting(schema).isEmpty, "the reader takes keys that the schema does not know, \(place)")
            #expect(schema.subtracting(reader).isEmpty, "the schema offers keys that the reader refuses, \(place)")
        }
    }

    @Test func everyPartHasADescription() {
        func check(_ value: JSONValue, _ path: String) {
            guard case .object(let object) = value else { return }
            if case .object(let properties)? = object["properties"] {
                for (name, property) in properties.members {
                    #expect(property["description"] != nil, "\(path).\(name) has no description")
                }
            }
            for (name, member) in object.members {
                check(member, "\(path).\(name)")
                for (index, element) in (member.array ?? []).enumerated() {
                    check(element, "\(path).\(name)[\(index)]")
                }
            }
        }
        check(ConfigurationSchema.root.json, "")
    }

    /// Python's `jsonschema` is the judge, over YAML read as YAML 1.2 core.
    @Test(.timeLimit(.minutes(2))) func whatLoadsIsValidAndStructuralMistakesAreNot() throws {
        let folder = try ScratchFolder()
        try ConfigurationSchema.text.write(toFile: folder.path + "/schema.json", atomically: true, encoding: .utf8)
        var cases = try Self.fixtures()
        cases.append((name: "every-mapping", text: Self.everyMapping))
        cases.append((name: "starter", text: ConfigurationStarter.text))
        for (name, text) in cases {
            try text.write(toFile: "\(folder.path)/\(name).yaml", atomically: true, encoding: .utf8)
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "check_schema.py").path
        let result = try TestProcess.run(
            "/usr/bin/python3", [script, folder.path + "/schema.json"] + cases.map { "\(folder.path)/\($0.name).yaml" })
        #expect(result.status == 0, "\(result.output)")
        let verdicts = result.output.split(separator: "\n").reduce(into: [String: String]()) { verdicts, line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2 { verdicts[String(parts[0])] = String(parts[1]) }
        }
        #expect(verdicts.count == cases.count, "\(result.output)")
        for (name, text) in cases {
            let isRight = Surroundings().load(text).configuration != nil
            let verdict = verdicts[name] ?? "missing"
            if isRight { #expect(verdict == "valid", "\(name) loads, but the schema says: \(verdict)") }
            if Self.structural.contains(name) {
                #expect(!isRight && verdict.hasPrefix("invalid"), "the schema does not see the mistake of \(name)")
            }
        }
        for name in Self.structural { #expect(verdicts[name] != nil, "there is no fixture \(name)") }
    }

    private static func fixtures() throws -> [(name: String, text: String)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ConfigurationFixtures")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
        return try names.sorted().map { name in
            let file = folder.appending(path: name).appending(path: "hookmail.yaml")
            return (name, try String(decoding: Data(contentsOf: file), as: UTF8.self))
        }
    }

    /// A configuration in which every kind of mapping occurs, with every key that can stand beside the others.
    private static let everyMapping = """
        # yaml-language-server: $schema=./hookmail.schema.json
        listen: 127.0.0.1:8000
        admin: 0.0.0.0:8001
        admin_token: {file: hookmail.secret}
        store: sqlite:./hookmail.db
        keep: {bodies: never, events: 90d, mails: 30d, bytes: 512 MiB}
        sources:
          production:
            path: /api/webhook/
            verify: keywordsai
            secrets: [{env: KEYWORDSAI_WEBHOOK_SECRET}, {file: hookmail.secret, until: 2026-12-31}]
          other:
            path: /hook
            verify: {hmac: {header: X-Signature, algorithm: sha512, encoding: base64, prefix: sha512=}}
            secrets: {env: KEYWORDSAI_WEBHOOK_SECRET}
        mail:
          from: Hookmail <alerts@example.com>
          server: smtp://smtp.example.com
          username: alerts@example.com
          password: {env: SMTP_PASSWORD}
          ca_file: hookmail.secret
        recipients:
          llm-team: {to: [llm@example.com, oncall@example.com]}
          lead: {to: lead@example.com}
        let:
          hard: status_code >= 500
        rules:
          - name: 404
            when: |
              status_code == 404 and
              not hard
            notify: [llm-team, finance@example.com]
            severity: urgent
            at_most: 1 per 15m
            template: plain
            subject: "{{model}} answers {{status_code}}"
            content: [prompt, variables.question]
          - {name: all, notify: lead, at_most: 1 per 1d}

        """
}
