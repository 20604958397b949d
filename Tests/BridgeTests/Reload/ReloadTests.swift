import Bridge
import Events
import Foundation
import Logging
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// A changed configuration comes into force while events stream in, or not at all.
@Suite(.timeLimit(.minutes(3))) struct ReloadTests {
    static let kept = "{name: kept, when: failed, notify: a@example.com, at_most: 1 per 1h}"

    @Test func anUnchangedRuleKeepsItsStateAndAChangedOneStartsAnew() async throws {
        let folder = try ReloadableFolder(rules: [Self.kept, Self.changing("failed")])
        try await RunningBridge.with(rules: "", adjust: folder.adjust) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled()
            #expect(bridge.transport.messages.count == 2)
            try folder.write(rules: [Self.changing("failed and true"), Self.kept])
            let reload = try await bridge.reload()
            #expect(reload.status == 200)
            #expect(reload.answer["status"] == .string("reloaded"))
            #expect(reload.answer["changed"] == .array([.string("rules")]))
            _ = try await bridge.post(#"{"unique_id": "e2", "status_code": 500}"#)
            try await bridge.settled()
            let outcomes = try await bridge.store.decisions(aboutEvent: 2)
            #expect(outcomes.first { $0.rule == "kept" }?.outcome == .suppressed(.throttled))
            #expect(outcomes.first { $0.rule == "changing" }?.outcome != .suppressed(.throttled))
        }
    }

    @Test func theSameTextIsUnchangedAndEntersNoLog() async throws {
        let folder = try ReloadableFolder(rules: [Self.kept])
        try await RunningBridge.with(rules: "", adjust: folder.adjust) { bridge in
            try folder.write(rules: [Self.kept], rest: "# a comment more")
            let reload = try await bridge.reload()
            #expect(reload.answer["status"] == .string("unchanged"))
            try await bridge.settled()
            let cursor = try await bridge.store.evaluatorState().cursor
            #expect(cursor == 1, "the entry of the start, and no other")
        }
    }

    static let faults: [(name: String, write: @Sendable (ReloadableFolder) throws -> Void)] = [
        ("no YAML", { try $0.write("rules: [") }),
        ("empty", { try $0.write("") }),
        ("no file", { try $0.remove() }),
        ("unknown key", { try $0.write(rules: [kept], rest: "lisen: 127.0.0.1:1") }),
        ("unknown field", { try $0.write(rules: ["{name: new, when: cots > 1, notify: a@example.com}"]) }),
        ("unknown recipient", { try $0.write(rules: ["{name: new, when: failed, notify: nobody}"]) }),
        ("bad subject", { try $0.write(rules: [#"{name: new, notify: a@example.com, subject: "{{modle}}"}"#]) }),
        ("missing secret", { try $0.write(rules: [kept], secrets: "{file: ./gone}") }),
        ("inline secret", { try $0.write(rules: [kept], secrets: "canary-in-the-file") }),
        ("bad server", { try $0.write(rules: [kept], mail: "ftp://example.com") }),
    ]

    @Test(arguments: faults.indices)
    func onAnyFaultTheOldConfigurationStaysWhole(index: Int) async throws {
        let fault = Self.faults[index]
        let folder = try ReloadableFolder(rules: ["{name: old, when: failed, notify: a@example.com}"])
        try await RunningBridge.with(rules: "", adjust: folder.adjust) { bridge in
            try fault.write(folder)
            let reload = try await bridge.reload()
            #expect(reload.status == 422, "\(fault.name)")
            #expect(reload.answer["status"] == .string("faulty"))
            let diagnostics = try #require(reload.answer["diagnostics"]?.array)
            #expect(!diagnostics.isEmpty)
            for diagnostic in diagnostics { _ = try #require(DiagnosticReport(json: diagnostic)) }
            #expect(!JSONValue.object(reload.answer).text.contains("canary"), "\(reload.answer)")
            #expect(try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#).status == 200)
            try await bridge.settled()
            #expect(try await bridge.rules(about: 1) == ["old"])
            let ready = try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz"))
            #expect(ready.status == 200, "the old configuration does its work")
            #expect(ready.text.contains(#""status":"faulty""#))
        }
    }

    @Test func aFileThatIsPutBackEndsTheFaultByItself() async throws {
        let folder = try ReloadableFolder(rules: [Self.kept])
        let messages = RecordingLogHandler.Messages()
        let log = Logger(label: "test") { _ in RecordingLogHandler(messages) }
        let adjust: (inout Bridge.Parts) throws -> Void = { try folder.adjust(&$0, watches: true) }
        try await RunningBridge.with(rules: "", log: log, adjust: adjust) { bridge in
            try folder.write("rules: [")
            try await Self.awaitReady(bridge, toSay: #""status":"faulty","faults":"#)
            try folder.write(rules: [Self.kept])
            try await Self.awaitReady(bridge, toSay: #""status":"unchanged","faults":0"#)
            let ending = "configuration is right again: it says what is in force"
            #expect(messages.fields(of: ending) == [["cause": "file_change"]])
            // Touched once more, it is no news.
            try folder.write(rules: [Self.kept], rest: "# a comment more")
            try await Task.sleep(for: .milliseconds(2_500))
            #expect(messages.texts.count { $0.hasPrefix("configuration ") && !$0.contains("fault") } == 1)
        }
    }

    private static func awaitReady(_ bridge: RunningBridge, toSay words: String) async throws {
        for _ in 0..<600 {
            if try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz")).text.contains(words) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("/readyz did not say \(words)")
    }

    @Test func secretsAreRotatedWithoutAGap() async throws {
        let folder = try ReloadableFolder(rules: [Self.kept])
        let new = Secret(Array("whsec_the_new_one_0123456789abcdefgh".utf8), label: "new")
        try folder.writeSecret(String(decoding: new.revealedBytes, as: UTF8.self), named: "new.secret")
        try await RunningBridge.with(rules: "", adjust: folder.adjust) { bridge in
            #expect(try await bridge.post(#"{"unique_id": "1"}"#, secret: new).status == 401)
            try folder.write(rules: [Self.kept], secrets: "{file: ./hook.secret}, {file: ./new.secret}")
            #expect(try await bridge.reload().answer["changed"] == .array([.string("sources")]))
            #expect(try await bridge.post(#"{"unique_id": "2"}"#, secret: new).status == 200)
            #expect(try await bridge.post(#"{"unique_id": "3"}"#).status == 200)
            try folder.write(rules: [Self.kept], secrets: "{file: ./new.secret}")
            _ = try await bridge.reload()
            #expect(try await bridge.post(#"{"unique_id": "4"}"#, secret: new).status == 200)
            #expect(try await bridge.post(#"{"unique_id": "5"}"#).status == 401)
            // The file of a secret may change while its name stays.
            try folder.writeSecret("whsec_another_0123456789abcdefghijk", named: "new.secret")
            #expect(try await bridge.reload().answer["changed"] == .array([.string("sources")]))
            #expect(try await bridge.post(#"{"unique_id": "6"}"#, secret: new).status == 401)
        }
    }

    @Test func whatNeedsARestartIsNamedAndTheRestIsApplied() async throws {
        let folder = try ReloadableFolder(rules: [Self.kept])
        try await RunningBridge.with(rules: "", adjust: folder.adjust) { bridge in
            let more = "{name: more, when: failed, notify: b@example.com}"
            try folder.write(
                rules: [Self.kept, more],
                rest: "listen: 127.0.0.1:9999\nstore: sqlite:./other.db\nkeep: {bodies: never}")
            for expected in ["reloaded", "unchanged"] {
                let reload = try await bridge.reload()
                #expect(reload.answer["status"] == .string(expected))
                let waiting = ["keep.bodies", "listen", "store"].map { JSONValue.string($0) }
                #expect(reload.answer["needs_restart"] == .array(waiting))
            }
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled()
            #expect(try await bridge.rules(about: 1) == ["kept", "more"])
        }
    }

    /// Until the restart the links of mails are those of the store that is open.
    @Test func anotherStoreBringsNoOtherKeyOfLinks() async throws {
        let folder = try ReloadableFolder(rules: [Self.kept])
        try await RunningBridge.with(rules: "", adjust: folder.adjust) { bridge in
            let address = "public_url: https://hookmail.example.com"
            try folder.write(rules: [Self.kept], rest: address)
            #expect(try await bridge.reload().status == 200)
            #expect(folder.files.contains("hookmail.db-links"))
            try folder.write(
                rules: [Self.kept, Self.changing("failed")], rest: address + "\nstore: sqlite:./none/a.db")
            let reload = try await bridge.reload()
            #expect(reload.answer["changed"] == .array([.string("rules")]))
            try folder.write(rules: [Self.kept], rest: address + "\nstore: sqlite:./a.db")
            #expect(try await bridge.reload().status == 200)
            #expect(!folder.files.contains("a.db-links"))
        }
    }

    @Test func otherMailSettingsLetHeldMailsGo() async throws {
        let folder = try ReloadableFolder(rules: ["{name: one, when: failed, notify: a@example.com}"])
        let denied = Reply(classification: .configuration, code: 535, enhancedCode: "5.7.8", text: "bad credentials")
        try await RunningBridge.with(rules: "", replies: [denied], adjust: folder.adjust) { bridge in
            _ = try await bridge.post(#"{"unique_id": "e1", "status_code": 500}"#)
            try await bridge.settled { $0 == .held }
            try folder.write(
                rules: ["{name: one, when: failed, notify: a@example.com}"], mail: "maildir:./elsewhere")
            #expect(try await bridge.reload().answer["changed"] == .array([.string("mail")]))
            try await bridge.settled { $0 == .accepted }
            #expect(folder.mails(in: "elsewhere") == 1)
            #expect(bridge.transport.messages.count == 1, "the old transport had the refused attempt and no other")
            #expect(try await bridge.exchange.send(.init(url: bridge.adminURL + "/readyz")).status == 200)
        }
    }

    @Test func aBridgeWithoutAFileSaysSo() async throws {
        try await RunningBridge.with(rules: "rules: [\(Self.kept)]") { bridge async throws -> Void in
            #expect(try await bridge.reload().status == 409)
        }
    }

    static func changing(_ condition: String) -> String {
        "{name: changing, when: \(condition), notify: b@example.com, at_most: 1 per 1h}"
    }
}
