import ArgumentParser
import Bridge
import Events
import Glibc
import Logging
import Mail
import Rules
import Store
import Transports
import UnixSignals

/// `hookmail demo`: the whole job on loopback, with nothing to set up.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole job on this machine: signed events over HTTP become mails.",
        discussion: """
            Starts a server on loopback with a store and a mail folder of its own, posts signed sample events over \
            HTTP and shows the mails they become: of single calls, and of a window over many. Stays until Ctrl-C, so \
            that you can send events of your own; everything it wrote is removed at the end.

            Examples:
              hookmail demo
              hookmail demo --once
            """)

    /// How long the demo waits for its mails, in seconds.
    static let waitSecondsMax = 30

    @Flag(help: "Exit after the mails have been shown.") var once = false
    @Option(help: "The port for webhooks; 0 takes a free one.") var port: UInt16 = 0

    func run() async throws {
        let stage = try DemoStage.make()
        defer { stage.remove() }
        var file = ConfigurationOption()
        file.config = stage.configurationPath
        let configuration = try file.load()
        var parts = try BridgeOpening.parts(configuration)
        parts.webhookPort = Int(port)
        parts.adminPort = 0
        let store = parts.store
        let bridge = Bridge(parts, log: ServerLog(level: .error).log)
        let (ports, announce) = AsyncStream<Bridge.Listening>.makeStream()
        let server = Task {
            defer { announce.finish() }
            try await bridge.run(stoppingOn: [.sigterm, .sigint]) { announce.yield($0) }
        }
        var listening = ports.makeAsyncIterator()
        if let ports = await listening.next() {
            do {
                try await show(stage, store: store, port: ports.webhookPort)
                if !once { invite(stage, port: ports.webhookPort) }
            } catch {
                await bridge.stop()
                _ = await server.result
                throw error
            }
            if once { await bridge.stop() }
        }
        do {
            try await server.value
        } catch {
            throw BridgeOpening.explain(error, configuration)
        }
    }

    // MARK: The play

    private func show(_ stage: DemoStage, store: any Store, port: Int) async throws {
        let url = "http://127.0.0.1:\(port)/api/webhook/"
        Terminal.out("Hookmail listens at \(url). The rules of this demo:\n")
        Terminal.out(DemoStage.rules.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n") + "\n")
        let client = HTTPExchange()
        for sample in SampleEvents.all {
            try await post(sample.label, Array(sample.body.utf8), key: stage.secret, client, url)
        }
        let outage = SampleEvents.outage
        try await post(outage.label, Array(outage.body.utf8), key: stage.secret, client, url)
        if let repeated = SampleEvents.all.dropFirst().first {
            try await post("the failed call once more", Array(repeated.body.utf8), key: stage.secret, client, url)
        }
        if let forged = SampleEvents.all.first {
            let stranger = Secret(Array("not the secret".utf8), label: "forged")
            try await post("a forged event", Array(forged.body.utf8), key: stranger, client, url)
        }
        try await showMails(store)
        try await showDecisions(store)
    }

    private func post(
        _ label: String, _ body: [UInt8], key: Secret, _ client: HTTPExchange, _ url: String
    ) async throws {
        let signature = SignatureScheme.keywordsai.sign(body, with: key)
        let answer = try await client.send(
            .init(
                method: "POST", url: url,
                headers: [(name: "Content-Type", value: "application/json"), (signature.name, signature.value)],
                body: body, timeout: .seconds(10)))
        Terminal.out("POST \(label)\n  -> \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
    }

    private func showMails(_ store: any Store) async throws {
        for _ in 0..<(Self.waitSecondsMax * 20) {
            let status = try await store.status(now: SystemClock().now())
            let unfinished = [DeliveryState.queued, .sending, .held].reduce(0) { $0 + (status.deliveries[$1] ?? 0) }
            if status.unevaluated == 0, unfinished == 0 { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let mails = try await store.deliveries(state: nil, before: nil, limit: 20)
        let accepted = mails.count { $0.state == .accepted }
        Terminal.out("\n\(accepted) of \(mails.count) mails were delivered:")
        for record in mails.reversed() {
            guard let detail = try await store.delivery(record.id), let message = detail.message else { continue }
            Terminal.out("\n" + String(repeating: "-", count: 78))
            ReadableMail.lines(message).forEach(Terminal.out)
        }
        Terminal.out(String(repeating: "-", count: 78))
        guard accepted == mails.count, accepted > 0 else {
            Terminal.err("Not every mail was delivered within \(Self.waitSecondsMax) seconds.")
            throw ExitCode.foundFault
        }
    }

    private func showDecisions(_ store: any Store) async throws {
        Terminal.out("\nWhy each event was, or was not, mailed:\n")
        for record in try await store.events(before: nil, limit: 20).reversed() {
            let decisions = try await store.decisions(aboutEvent: record.id)
            let words = decisions.map { decision -> String in
                switch decision.outcome {
                case .notified: return "\(decision.rule) sent a mail"
                case .suppressed(let reason): return "\(decision.rule) matched, held back: \(reason.rawValue)"
                case .faulted(let reason): return "\(decision.rule) could not be evaluated: \(reason)"
                }
            }
            Terminal.out("  \(record.key.id): \(words.isEmpty ? "no rule matched" : words.joined(separator: "; "))")
        }
    }

    private func invite(_ stage: DemoStage, port: Int) {
        Terminal.out(
            """

            Send one of your own, from another terminal (the mail appears in \(stage.folder)/mail/new):

              body='{"unique_id": "mine-1", "status_code": 500, "model": "my-model", "cost": 2}'
              curl -sS http://127.0.0.1:\(port)/api/webhook/ --data-binary "$body" \\
                -H "X-Keywordsai-Signature: $(printf %s "$body" | openssl dgst -sha256 \
            -hmac "$(cat \(stage.folder)/hookmail.secret)" | sed 's/.*= //')"

            Ctrl-C ends the demo.
            """)
    }
}
