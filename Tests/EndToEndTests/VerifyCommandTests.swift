import Events
import Foundation
import TestSupport
import Testing

/// `hookmail verify` and `hookmail sign` as a person types them.
@Suite(.timeLimit(.minutes(3))) struct VerifyCommandTests {
    private static let configuration = """
        listen: 127.0.0.1:8000
        sources:
          repositories: {path: /github, verify: github, secrets: [{file: ./hub.secret}]}
          payments: {path: /stripe, verify: stripe, secrets: [{file: ./stripe.secret}]}
          tokens: {path: /token, verify: token, secrets: [{file: ./hub.secret}]}
        mail: {from: a@example.com, server: maildir:./mail}
        rules: [{name: failed-calls, when: failed, notify: b@example.com, at_most: 1 per 15m}]
        """

    private static let secret = "do-not-show-me-0123456789abcdef"

    private func folder() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        let files = [
            ("hookmail.yaml", Self.configuration), ("hub.secret", Self.secret + "\n"),
            ("stripe.secret", "whsec_do-not-show-me-0123456789\n"), ("body.json", #"{"id": "evt_1", "type": "x"}"#),
        ]
        for (name, text) in files {
            let path = folder.path + "/" + name
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        return folder
    }

    @Test func whatSignWritesVerifies() async throws {
        let folder = try folder()
        let url = URL(fileURLWithPath: folder.path)
        for source in ["repositories", "payments"] {
            let signed = try await ServerProcess.run(["sign", "body.json", "--source", source, "--header"], in: url)
            #expect(signed.status == 0, "\(signed.errors)")
            let headers = signed.output.split(separator: "\n").flatMap { ["--header", String($0)] }
            let verified = try await ServerProcess.run(
                ["verify", "body.json", "--source", source] + headers, in: url)
            #expect(verified.status == 0 && verified.output.hasPrefix("It verifies at the source \(source)"))
            // The source follows from the headers.
            let found = try await ServerProcess.run(["verify", "body.json"] + headers, in: url)
            #expect(found.status == 0, "\(found.output)\(found.errors)")
        }
    }

    @Test func aTokenIsNotPrinted() async throws {
        let folder = try folder()
        let url = URL(fileURLWithPath: folder.path)
        let line = try await ServerProcess.run(["sign", "body.json", "--source", "tokens"], in: url)
        #expect(line.status == 0 && line.output.contains(#"-H 'Authorization: Bearer '"$(cat './hub.secret')""#))
        #expect(!line.output.contains(Self.secret))
        let header = try await ServerProcess.run(["sign", "body.json", "--source", "tokens", "--header"], in: url)
        #expect(header.status == 64 && !header.errors.contains(Self.secret))
    }

    @Test func aWrongDeliveryIsExplained() async throws {
        let folder = try folder()
        let url = URL(fileURLWithPath: folder.path)
        let signature = SignatureScheme.github.sign(
            Array(#"{"id":"evt_1","type":"x"}"#.utf8), with: Secret(Array(Self.secret.utf8), label: "test"),
            at: Timestamp(seconds: 0), id: "1")
        let lines = (signature ?? []).map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        let request = "POST /github HTTP/1.1\n\(lines)\n\n" + #"{"id": "evt_1", "type": "x"}"#
        let said = try await ServerProcess.run(["verify", "--request", "-"], in: url, input: request)
        #expect(said.status == 1 && said.output.contains("compact JSON"))
        let json = try await ServerProcess.run(["verify", "--request", "-", "--json"], in: url, input: request)
        let value = try JSONValue.decode(json.output.utf8)
        #expect(value["verifies"] == .bool(false) && value["match"]?["text"] == .string("compact"))
        for output in [said.output, said.errors, json.output] { #expect(!output.contains("do-not-show-me")) }
        let old = [
            "verify", "body.json", "--header", "Stripe-Signature: t=1614265330,v1=\(String(repeating: "0", count: 64))",
        ]
        #expect(try await ServerProcess.run(old + ["--at", "2021-02-25T15:02:10Z"], in: url).status == 1)
    }

    @Test func wrongUseIsSaid() async throws {
        let folder = try folder()
        let url = URL(fileURLWithPath: folder.path)
        for arguments in [
            [], ["body.json", "--request", "x"], ["--refused", "x"], ["--refused", "--at", "2021-02-25T15:02:10Z"],
            ["body.json", "--at", "yesterday"], ["body.json", "--from", "localhost"],
            ["body.json", "--header", "none"],
            ["body.json"], ["body.json", "--source", "nobody"],
        ] {
            let result = try await ServerProcess.run(["verify"] + arguments, in: url)
            #expect(result.status == 64, "\(arguments): \(result.output)\(result.errors)")
        }
        #expect(try await ServerProcess.run(["verify", "--request", "body.json"], in: url).status == 65)
        #expect(try await ServerProcess.run(["verify", "--refused"], in: url).status == 69, "no server runs")
    }
}
