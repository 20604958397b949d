import Glibc

/// One connection of `RawSMTPServer`, on its own thread.
struct RawSMTPConversation {
    let connection: Int32
    let script: RawSMTPServer.Script
    let record: ((inout RawSMTPServer.Record) -> Void) -> Void
    private var pending: [UInt8] = []
    private var mailsBegun = 0

    init(
        connection: Int32,
        script: RawSMTPServer.Script,
        record: @escaping ((inout RawSMTPServer.Record) -> Void) -> Void
    ) {
        self.connection = connection
        self.script = script
        self.record = record
    }

    /// Talks until either side hangs up.
    mutating func run() {
        guard answer("CONNECT", default: "220 raw.example.test ESMTP\r\n") else { return }
        while let line = readLine() {
            let text = String(decoding: line, as: UTF8.self)
            record { $0.commands.append(text) }
            let verb = text.split(separator: " ").first.map { $0.uppercased() } ?? ""
            guard answer(verb, default: reply(verb)), verb != "QUIT" else { return }
            if verb == "DATA", asksForText {
                guard readText(), answer(".", default: "250 2.0.0 taken\r\n") else { return }
            }
        }
    }

    private var asksForText: Bool {
        switch script.answers["DATA"] {
        case nil: true
        case .send(let text), .sendAfter(_, let text): text.utf8.starts(with: "354".utf8)
        default: false
        }
    }

    private func reply(_ verb: String) -> String {
        switch verb {
        case "EHLO":
            let lines = ["raw.example.test"] + script.capabilities
            return lines.enumerated()
                .map { "250\($0.offset == lines.count - 1 ? " " : "-")\($0.element)\r\n" }
                .joined()
        case "DATA": return "354 go on\r\n"
        case "QUIT": return "221 2.0.0 bye\r\n"
        case "MAIL", "RCPT", "HELO", "RSET", "NOOP": return "250 2.1.0 ok\r\n"
        default: return "502 5.5.1 not known\r\n"
        }
    }

    /// Answers; `false` when the connection is over.
    private mutating func answer(_ point: String, default text: String) -> Bool {
        if point == "MAIL" { mailsBegun += 1 }
        let special = point == "MAIL" && mailsBegun > 1 ? script.secondMail : nil
        switch special ?? script.answers[point] ?? .send(text) {
        case .send(let text): return write(text)
        case .sendAndClose(let text):
            _ = write(text)
            return false
        case .close: return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            return false
        case .silence:
            while readMore() {}
            return false
        case .sendAfter(let delay, let text):
            wait(delay)
            return write(text)
        case .sendThenCloseAfter(let text, let delay):
            _ = write(text)
            wait(delay)
            return false
        case .stopReading(let text):
            _ = write(text)
            wait(.seconds(3_600))
            return false
        }
    }

    /// Waits for a time or the end of the connection's other side being cut here.
    private func wait(_ duration: Duration) {
        var descriptor = pollfd(fd: connection, events: 0, revents: 0)
        let (seconds, attoseconds) = duration.components
        _ = poll(&descriptor, 1, Int32(seconds) * 1_000 + Int32(attoseconds / 1_000_000_000_000_000))
    }

    private func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    private mutating func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(connection, &buffer, buffer.count)
        guard count > 0 else { return false }
        pending += buffer[..<count]
        record { $0.received += buffer[..<count] }
        return true
    }

    /// The next line up to CRLF, without it. A bare LF ends no line.
    private mutating func readLine() -> [UInt8]? {
        var searched = 0
        while true {
            var index = searched
            while index + 1 < pending.count {
                if pending[index] == 0x0D, pending[index + 1] == 0x0A {
                    let line = Array(pending[..<index])
                    pending.removeFirst(index + 2)
                    return line
                }
                index += 1
            }
            searched = max(pending.count - 1, 0)
            guard readMore() else { return nil }
        }
    }

    /// Reads a mail's text up to CRLF "." CRLF.
    private mutating func readText() -> Bool {
        var text: [UInt8] = []
        while let line = readLine() {
            if line == [UInt8(ascii: ".")] {
                record { $0.texts.append(text) }
                return true
            }
            text += line.first == UInt8(ascii: ".") ? line[1...] : line[...]
            text += [0x0D, 0x0A]
        }
        return false
    }
}
