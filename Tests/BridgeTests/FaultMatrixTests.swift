import Bridge
import Events
import Foundation
import Mail
import Rules
import Store
import TestSupport
import Testing
import Transports

/// A mail server with one fault, then a healthy one in its place: every mail ends accepted, or given up for the right
/// reason, and arrives twice only where the reply to its text was cut off.
///
/// `HOOKMAIL_FAULT_MAILS` says how many mails each fault meets (24; a full run is 1,000).
@Suite(.serialized, .enabled(if: SMTPSink.program != nil, "smtp-sink is not installed"), .timeLimit(.minutes(30)))
struct FaultMatrixTests {
    /// One fault of `smtp-sink`: its option, the command it strikes at, and the class of an attempt that meets it.
    struct Cell: Sendable {
        let option: String
        let command: String
        let expected: ReplyClass
        var testDescription: String { "smtp-sink \(option) \(command)" }
        /// A mail that meets it is given up.
        var isFinal: Bool { expected == .permanent }
        /// The server says nothing about a text it has.
        var cutsReply: Bool { option == "-q" && command == "." }
        /// The server gets the text, whatever it then says.
        var getsText: Bool { command == "." }
        /// Slow cells meet fewer mails.
        var isSlow: Bool { option == "-W" }
    }

    static let cells: [Cell] = {
        let commands = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."]
        let table: [(String, [ReplyClass])] = [
            ("-r", [.host, .accepted, .transient, .greylisted, .transient, .transient]),
            ("-f", [.host, .accepted, .configuration, .permanent, .permanent, .permanent]),
            ("-q", [.host, .host, .host, .host, .host, .ambiguous]),
            ("-Q", [.host, .host, .host, .host, .host, .host]),
        ]
        let faults = table.flatMap { option, classes in
            zip(commands, classes).map { Cell(option: option, command: $0, expected: $1) }
        }
        return faults + ["MAIL:1", "DATA:1", ".:1"].map { Cell(option: "-W", command: $0, expected: .accepted) }
    }()

    private static let mailsMax = ProcessInfo.processInfo.environment["HOOKMAIL_FAULT_MAILS"].flatMap { Int($0) }

    private func count(_ cell: Cell) -> Int {
        let count = Self.mailsMax ?? 24
        return cell.isSlow ? max(count / 20, 8) : count
    }

    @Test(arguments: ["-r", "-f", "-q", "-Q", "-W"])
    func everyMailEndsAsItMust(option: String) async throws {
        // Mostly these wait: for the courier, which looks for due mails once a second.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for cell in Self.cells where cell.option == option {
                group.addTask { try await meet(cell) }
            }
            try await group.waitForAll()
        }
    }

    private func meet(_ cell: Cell) async throws {
        let (faulty, healthy) = (try ScratchFolder(), try ScratchFolder())
        let (port, count) = (try LoopbackPort.free(), count(cell))
        let rules = "rules: [{name: one, when: failed, notify: a@example.com}]"
        var configuration = try SMTPConfiguration(host: "127.0.0.1", port: port, security: .unprotected)
        configuration.connectSecondsMax = 10
        let transport = SMTPTransport(configuration: configuration)
        let adjust: (inout Bridge.Parts) -> Void = { $0.transport = transport }
        try await RunningBridge.with(rules: rules, adjust: adjust) { bridge in
            let sink = try await SMTPSink([cell.option, cell.command], port: port, keepingIn: faulty.path)
            let events = (1...count).map { #"{"unique_id": "m\#($0)", "status_code": 500}"# }
            for start in stride(from: 0, to: count, by: 200) {
                let part = events[start..<min(start + 200, count)]
                #expect(try await bridge.post("[" + part.joined(separator: ",") + "]").status == 200)
            }
            try await quiet(bridge, count)
            for _ in 0..<(Self.mailsMax == nil ? 1 : 3) {
                bridge.clock.advance(by: .seconds(3_700))
                try await quiet(bridge, count)
            }
            sink.stop()
            let next = try await SMTPSink(port: port, keepingIn: healthy.path)
            defer { next.stop() }
            let resume = HTTPExchange.Request(method: "POST", url: bridge.adminURL + "/api/mails/resume", body: [])
            #expect(try await bridge.exchange.send(resume).status == 200)
            for _ in 0..<12 {
                try await quiet(bridge, count)
                if try await all(bridge).allSatisfy({ !$0.state.isWaiting }) { break }
                bridge.clock.advance(by: .seconds(3_700))
            }
            try await judge(cell, bridge, faulty: faulty.path, healthy: healthy.path)
        }
    }

    private func judge(_ cell: Cell, _ bridge: RunningBridge, faulty: String, healthy: String) async throws {
        let arrived = (faulty: try texts(faulty), healthy: try texts(healthy))
        var (dead, attempts, second) = (0, 0, 0)
        for record in try await all(bridge) {
            let detail = try #require(try await bridge.store.delivery(record.id))
            let id = try #require(detail.message?.messageID)
            let classes = detail.attempts.compactMap(\.reply?.classification)
            attempts += classes.count
            #expect(
                classes.allSatisfy { $0 == cell.expected || $0 == .accepted }, "\(cell.testDescription): \(classes)")
            let copies = (arrived.faulty[id] ?? 0, arrived.healthy[id] ?? 0)
            switch record.state {
            case .accepted:
                #expect(classes.last == .accepted)
                if cell.cutsReply {
                    second += copies.0
                    #expect(copies.0 == classes.count { $0 == .ambiguous }, "a copy for each cut reply, and no more")
                    #expect(copies.1 == 1)
                } else if cell.expected == .accepted {
                    #expect(copies.0 + copies.1 == 1, "\(cell.testDescription)")
                } else {
                    #expect(copies.1 == 1 && (cell.getsText || copies.0 == 0), "\(cell.testDescription)")
                }
            case .dead:
                dead += 1
                #expect(cell.isFinal && classes.last == cell.expected && copies.1 == 0, "\(cell.testDescription)")
            default: Issue.record("\(cell.testDescription): mail \(record.id) is \(record.state.rawValue)")
            }
        }
        let total = count(cell)
        #expect(try await all(bridge).count == total)
        #expect(dead == (cell.isFinal ? total : 0), "\(cell.testDescription)")
        guard Self.mailsMax != nil else { return }
        print(
            "fault matrix: \(cell.testDescription): \(total) mails, \(attempts) attempts, \(total - dead) accepted, "
                + "\(dead) given up, \(second) second copies")
    }

    // MARK: Looking

    /// All mails.
    private func all(_ bridge: RunningBridge) async throws -> [DeliveryRecord] {
        var records: [DeliveryRecord] = []
        while true {
            let page = try await bridge.store.deliveries(state: nil, before: records.last?.id, limit: 500)
            records += page
            if page.count < 500 { return records }
        }
    }

    /// Waits until every mail is made and nothing is sent any more: what waits is not due, or may not go.
    private func quiet(_ bridge: RunningBridge, _ count: Int) async throws {
        var last: [Int] = []
        var still = 0
        while still < 8 {
            let records = try await all(bridge)
            let now = records.map { $0.attempts * 2 + ($0.state == .accepted ? 1 : 0) }
            let isBusy = records.count < count || records.contains { $0.state == .sending }
            still = isBusy || now != last ? 0 : still + 1
            last = now
            // The courier looks for due mails once a second.
            try await Task.sleep(for: .milliseconds(150))
        }
    }

    /// How often each Message-ID came.
    private func texts(_ folder: String) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("mail.") {
            let text = String(
                decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.lowercased().hasPrefix("message-id:") } ?? ""
            let id = line.split(separator: "<").last?.split(separator: ">").first ?? ""
            if !id.isEmpty { found[String(id), default: 0] += 1 }
        }
        return found
    }
}

extension DeliveryState {
    /// Whether the mail has not ended.
    fileprivate var isWaiting: Bool { self == .queued || self == .sending || self == .held }
}
