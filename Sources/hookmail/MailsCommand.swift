import ArgumentParser
import Bridge
import Events
import Mail
import Rules
import Store

/// `hookmail mails`: looks at mails and queues them again.
struct MailsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mails", abstract: "Lists, shows, retries and resumes mails.",
        discussion: """
            Examples:
              hookmail mails
              hookmail mails show 4
              hookmail mails list --state dead
            """,
        subcommands: [List.self, Show.self, Retry.self, Resume.self], defaultSubcommand: List.self)

    /// `hookmail mails list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists mails, newest first.",
            discussion: """
                Examples:
                  hookmail mails list --state dead
                  hookmail mails list --json | jq -r '.[] | [.id, .state, .recipient] | @tsv'
                """)

        @OptionGroup var store: StoreOption
        @Option(help: "Only mails in this state: \(DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")).")
        var state: DeliveryState?
        @OptionGroup var page: PageOption
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            try await store.reading { reader in
                let records = try await reader.deliveries(state: state, before: page.before, limit: page.limit)
                if json {
                    Terminal.out(JSONValue.array(records.map { MailReport(record: $0).json }).text)
                    return
                }
                guard !records.isEmpty else {
                    Terminal.err(state.map { "No mail is \($0.rawValue)." } ?? "No mails yet.")
                    return
                }
                let header = ["ID", "CREATED (UTC)", "STATE", "RULE", "EVENT", "TO", "ATTEMPTS", "LAST REPLY"]
                FactTable.columns([header] + records.map(row)).forEach(Terminal.out)
                try await tellOfHeld(reader)
            }
        }

        /// What keeps all mails from going out stands below every list.
        private func tellOfHeld(_ reader: any StoreReading) async throws {
            guard let last = try await reader.deliveries(state: .held, before: nil, limit: 1).first else { return }
            Terminal.err("\nMails are held, and none is lost. \(MailHold.words(last.lastReply?.reason))")
            Terminal.err(
                "Then run `hookmail reload`, or `hookmail mails resume` where nothing changed in the file. "
                    + "`hookmail send-test` shows the details.")
        }

        private func row(_ record: DeliveryRecord) -> [String] {
            [
                "\(record.id)", FactTable.time(record.createdAt), record.state.rawValue, record.notification.rule,
                record.notification.figures.event.map(String.init) ?? "-", record.recipient, "\(record.attempts)",
                FactTable.plain(record.lastReply?.text ?? "-", scalarsMax: 60),
            ]
        }
    }

    /// `hookmail mails show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a mail: every attempt with the server's reply, and its text.",
            discussion: """
                `hookmail explain --mail` shows why it was made.

                Examples:
                  hookmail mails show 4
                  hookmail mails show 4 --raw > mail.eml
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The mail's number.") var id: Int64
        @Flag(help: "The message exactly as sent (RFC 5322), and nothing else.") var raw = false
        @Flag(help: "JSON for programs.") var json = false

        func run() async throws {
            try await store.reading { reader in
                guard let detail = try await reader.delivery(id) else {
                    Terminal.err("There is no mail \(id). `hookmail mails list` shows which there are.")
                    throw ExitCode.foundFault
                }
                if raw {
                    guard let message = detail.message else {
                        Terminal.err("Mail \(id) has not been composed yet.")
                        throw ExitCode.foundFault
                    }
                    Terminal.out(bytes: message.bytes)
                } else {
                    let siblings = try await reader.deliveries(ofNotification: detail.record.notification.id)
                    let report = MailReport(detail: detail, siblings: siblings)
                    if json { Terminal.out(report.json.text) } else { show(detail, siblings: report.siblings ?? []) }
                }
            }
        }

        private func show(_ detail: DeliveryDetail, siblings: [DeliveryRecord]) {
            let record = detail.record
            let notification = record.notification
            Terminal.out("Mail \(record.id) to \(record.recipient): \(record.state.rawValue)")
            let event = notification.figures.event.map { ", event \($0)" } ?? ""
            Terminal.out("Rule \(notification.rule) (\(notification.severity.rawValue))\(event)")
            if notification.reason != .matched {
                Terminal.out("Made because \(FactTable.plain(notification.cause, scalarsMax: 500))")
            }
            if let next = record.nextAttemptAt { Terminal.out("Next attempt \(next.rfc3339)") }
            if let fault = record.templateFault {
                Terminal.out("Template fault, the built-in plain one was used: \(fault)")
            }
            for attempt in detail.attempts {
                let end = attempt.reply.map(words) ?? "under way"
                Terminal.out("Attempt \(attempt.ordinal), \(attempt.startedAt.rfc3339): \(end)")
            }
            for other in siblings {
                let last = other.lastReply.map { "; last reply \(words($0))" } ?? ""
                Terminal.out("Also mail \(other.id) to \(other.recipient): \(other.state.rawValue)\(last)")
            }
            for held in notification.figures.withheld {
                let isTold = notification.recipients.contains(held.recipient)
                let what = isTold ? "Only a part" : "Not"
                Terminal.out("\(what) to \(FactTable.plain(held.recipient)) then, because \(held.words)")
            }
            if record.state == .held { Terminal.out("Held: \(MailHold.words(record.lastReply?.reason))") }
            if let message = detail.message {
                Terminal.out("")
                ReadableMail.lines(message).forEach(Terminal.out)
            }
        }

        private func words(_ reply: Reply) -> String {
            let codes = [reply.code.map(String.init), reply.enhancedCode].compactMap { $0 }.joined(separator: " ")
            let text = FactTable.plain(reply.text, scalarsMax: 500)
            return "\(reply.classification.rawValue)\(codes.isEmpty ? "" : " (\(codes))"): \(text)"
        }
    }

    /// `hookmail mails retry`.
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Queues dead, held or waiting mails for an attempt now.",
            discussion: """
                Exit code 1 when one of them could not be queued; the others are.

                Examples:
                  hookmail mails retry 4
                  hookmail mails retry $(hookmail mails list --state dead --json | jq '.[].id')
                """)

        @OptionGroup var store: StoreOption
        @Argument(help: "The numbers of the mails.") var ids: [Int64]
        @Flag(help: "JSON for programs: for every mail whether it was queued, or why not.") var json = false

        func run() async throws {
            var failed = false
            var report: [JSONValue] = []
            for (index, id) in ids.enumerated() {
                do {
                    try await store.retry(mail: id)
                    report.append(Self.json(id, fault: nil))
                    if !json { Terminal.out("Mail \(id) is queued.") }
                } catch let error as StoreError {
                    failed = true
                    let fault: String
                    switch error {
                    case .notFound: fault = "There is no mail \(id)."
                    case .notAllowed(let reason): fault = "Mail \(id) was left as it is: \(reason)"
                    default: throw error
                    }
                    report.append(Self.json(id, fault: fault))
                    if !json { Terminal.err(fault) }
                } catch let error as ExitCode where json && index > 0 {
                    // Standard error has said why. What was done before must not be lost with it.
                    report.append(Self.json(id, fault: "It could not be tried; standard error says why."))
                    report += ids[(index + 1)...].map { Self.json($0, fault: "It was not tried after that.") }
                    Terminal.out(JSONValue.array(report).text)
                    throw error
                }
            }
            if json { Terminal.out(JSONValue.array(report).text) }
            if failed { throw ExitCode.foundFault }
        }

        private static func json(_ id: Int64, fault: String?) -> JSONValue {
            .object(
                JSONObject([
                    ("id", .int(id)), ("queued", .bool(fault == nil)), ("fault", fault.map { .string($0) } ?? .null),
                ]))
        }
    }
}

extension MailsCommand {
    /// `hookmail mails resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Queues every held mail for an attempt now, after the mail settings or the server were mended.",
            discussion: """
                One mail goes first; the others follow once it got past the login.

                Examples:
                  hookmail send-test && hookmail mails resume
                """)

        @OptionGroup var store: StoreOption
        @Flag(help: "JSON for programs: how many mails were held.") var json = false

        func run() async throws {
            let count = try await store.resumeMails()
            if json {
                var object = JSONObject()
                object["mails"] = .int(Int64(count))
                Terminal.out(JSONValue.object(object).text)
                return
            }
            Terminal.out(count == 0 ? "No mail is held." : "\(count) held mail\(count == 1 ? " is" : "s are") queued.")
        }
    }
}

extension DeliveryState: ExpressibleByArgument {}

/// A message as terminal lines: `From:`, `To:`, `Subject:`, `Date:` and the text.
enum ReadableMail {
    static func lines(_ message: Message) -> [String] {
        let mail = ReadableMessage(message.bytes)
        let header = [
            "From: \(mail.from)", "To: \(mail.to)", "Subject: \(mail.subject)", "Date: \(mail.date)",
        ]
        let files = mail.attachments.map { "Attached: \($0.name) (\($0.type), \($0.bytes) bytes)" }
        let text = mail.text.split(separator: "\n", omittingEmptySubsequences: false).map {
            FactTable.plain(String($0), scalarsMax: 1_000)
        }
        return header + files + [""] + text
    }
}
