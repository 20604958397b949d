import Mail

/// Follows an SMTP conversation by the server's replies alone, so that the verdict knows which command was answered.
///
/// libcurl tells only the last reply code. Its order of commands is fixed, though: greeting, EHLO, STARTTLS and EHLO
/// again, login, then MAIL, RCPT, DATA and the text, each awaited before the next. So the replies, which come line by
/// line, say where the conversation stands; the commands need not be watched, and with them not the password.
struct SMTPDialogue {
    typealias Stage = ReplySignal.Stage

    /// One complete reply.
    struct Answer: Sendable, Equatable {
        /// The command that it answers.
        var stage: Stage
        var code: Int
        /// The enhanced status code (RFC 3463, RFC 2034) of the last line that has one.
        var enhancedCode: String?
        /// The words of all lines, joined by spaces, cleaned, at most `textCharactersMax`.
        var text: String
        /// Whether the conversation goes on after it.
        var isPositive: Bool
    }

    /// The most bytes of replies that are taken during one mail.
    static let replyBytesMax = 64 * 1_024
    /// The most characters of the words of an answer.
    static let textCharactersMax = Reply.textCharactersMax

    /// The command whose reply is awaited; the exits of each stage are those of `advance`.
    private(set) var stage = Stage.connect
    /// The last complete reply to this mail's commands, or `nil` when there was none yet.
    private(set) var last: Answer?
    /// Whether the server offered a login in its last EHLO reply.
    private(set) var offersLogin = false
    /// The login mechanisms that the server offered in its last EHLO reply, at most `mechanismsMax`.
    private(set) var mechanisms: [String] = []
    /// Whether the server offered STARTTLS in its last EHLO reply.
    private(set) var offersTLS = false
    /// Whether the server offered SMTPUTF8 in its last EHLO reply. libcurl 7.88 forgets no such offer at the EHLO
    /// behind STARTTLS, and what was said before it, anybody on the way may have said.
    private(set) var offersSMTPUTF8 = false
    /// The most mechanisms that are remembered, for words to people only.
    static let mechanismsMax = 16

    /// Whether libcurl gives up after the last reply. It says QUIT then, and the reply to that is not recorded.
    private(set) var isOver = false

    private let wantsTLS: Bool
    private let wantsLogin: Bool
    /// TLS is there, or is not wanted.
    private var needsNoTLS: Bool
    private var triedHello = false
    private var bytesSeen = 0
    private var wordsOfReply: [UInt8] = []
    private var enhancedOfReply: String?

    init(security: SMTPConfiguration.Security, wantsLogin: Bool) {
        self.wantsTLS = security == .startTLS
        self.wantsLogin = wantsLogin
        self.needsNoTLS = security != .startTLS
    }

    /// Begins a mail on a kept connection; `beginUnconnected` follows when libcurl opens another one after all.
    mutating func begin() {
        stage = .sender
        last = nil
        isOver = false
        bytesSeen = 0
        wordsOfReply = []
        enhancedOfReply = nil
    }

    /// Begins before there is a connection, or when a socket was just opened: the greeting comes first.
    mutating func beginUnconnected() {
        begin()
        stage = .connect
        needsNoTLS = !wantsTLS
        triedHello = false
        forgetOffers()
    }

    private mutating func forgetOffers() {
        offersTLS = false
        offersLogin = false
        offersSMTPUTF8 = false
        mechanisms = []
    }

    /// Takes one line with its line end; `false` when the replies are longer than any honest server's.
    mutating func receive(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        bytesSeen += line.count
        guard bytesSeen <= Self.replyBytesMax else { return false }
        guard !isOver, let (code, isLast, words) = Self.parse(line) else { return true }
        // libcurl reads no offers from the reply to HELO.
        if stage == .hello, !triedHello { note(capability: words) }
        let enhanced = Self.enhancedCode(words, basicCode: code)
        enhancedOfReply = enhanced?.text ?? enhancedOfReply
        append(words: words.dropFirst(enhanced?.length ?? 0))
        guard isLast else { return true }
        finishReply(code: code)
        return true
    }

    /// Whether libcurl is about to send mail without the login that was asked for: it does so, silently, when the
    /// server offers none.
    var isSkippingLogin: Bool {
        wantsLogin && !offersLogin && stage == .sender && sawHello
    }

    /// Whether the last reply completed the offers of this connection and SMTPUTF8 is not among them: libcurl sends
    /// addresses beyond ASCII all the same.
    var endedOffersWithoutSMTPUTF8: Bool {
        !offersSMTPUTF8 && (stage == .sender || stage == .authentication) && sawHello
    }

    private var sawHello: Bool {
        last?.stage == .hello
    }

    private mutating func finishReply(code: Int) {
        let (next, isPositive) = advance(code)
        last = Answer(
            stage: stage,
            code: code,
            enhancedCode: enhancedOfReply,
            text: Self.cleaned(wordsOfReply),
            isPositive: isPositive
        )
        isOver = isOver || !isPositive
        wordsOfReply = []
        enhancedOfReply = nil
        stage = next
        if next == .hello { forgetOffers() }
    }

    /// The stage after a reply of `code`, and whether libcurl goes on.
    private mutating func advance(_ code: Int) -> (Stage, Bool) {
        let isPositive = (200..<300).contains(code)
        // Only DATA is answered by 354. Should it come where another reply is awaited, libcurl is further than this
        // account of it, and the text may be on its way: to end the conversation here would leave its fate unknown.
        if code == 354, stage != .content { return (.content, true) }
        switch stage {
        case .connect, .greeting: return isPositive ? (.hello, true) : (.greeting, false)
        case .hello:
            guard isPositive else {
                // Where no TLS is missing, libcurl tries HELO after a refused EHLO.
                defer { triedHello = true }
                return (.hello, needsNoTLS && !triedHello)
            }
            if !needsNoTLS {
                isOver = !offersTLS
                return (offersTLS ? .startTLS : .hello, true)
            }
            return (wantsLogin && offersLogin ? .authentication : .sender, true)
        case .startTLS:
            guard code == 220 else { return (.startTLS, false) }
            needsNoTLS = true
            triedHello = false
            return (.hello, true)
        case .authentication:
            if code == 334 { return (.authentication, true) }
            return isPositive ? (.sender, true) : (.authentication, false)
        case .sender: return isPositive ? (.recipient, true) : (.sender, false)
        case .recipient: return isPositive ? (.data, true) : (.recipient, false)
        case .data: return (.data, false)
        case .content:
            isOver = true
            return (.content, isPositive)
        }
    }

    /// Notes an offer exactly where libcurl sees one, which compares these first bytes and no other spelling: not the
    /// `AUTH=` of old servers, and not small letters, though RFC 5321 §2.4 allows them. An offer that only one of the
    /// two saw would let them await different replies, and let mail leave without the login.
    private mutating func note(capability words: ArraySlice<UInt8>) {
        if words.starts(with: "STARTTLS".utf8) { offersTLS = true }
        // libcurl would also take SMTPUTF8X for it; where only it sees an offer nothing is sent.
        if words.prefix(while: { $0 != UInt8(ascii: " ") }).elementsEqual("SMTPUTF8".utf8) { offersSMTPUTF8 = true }
        guard words.starts(with: "AUTH ".utf8) else { return }
        offersLogin = true
        for name in words.dropFirst(5).split(separator: UInt8(ascii: " ")) where mechanisms.count < Self.mechanismsMax {
            // RFC 4422 §3.1: capital letters, digits, hyphen and underscore, at most 20.
            let isName = name.count <= 20 && name.allSatisfy { $0.isMechanismByte }
            if isName { mechanisms.append(String(decoding: name, as: UTF8.self)) }
        }
    }

    private mutating func append(words: ArraySlice<UInt8>) {
        guard wordsOfReply.count < Self.textCharactersMax, !words.isEmpty else { return }
        if !wordsOfReply.isEmpty { wordsOfReply.append(UInt8(ascii: " ")) }
        wordsOfReply += words
    }
}

extension UInt8 {
    /// Whether the byte may stand in the name of a login mechanism.
    fileprivate var isMechanismByte: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

// Reading lines.
extension SMTPDialogue {
    /// Splits a reply line (RFC 5321 §4.2) into code, whether it is the last line, and words; `nil` for other lines,
    /// which libcurl passes over, too.
    private static func parse(
        _ line: UnsafeBufferPointer<UInt8>
    ) -> (code: Int, isLast: Bool, words: ArraySlice<UInt8>)? {
        var text = Array(line)[...]
        while let end = text.last, end == 0x0A || end == 0x0D { text.removeLast() }
        guard text.count >= 3, text.prefix(3).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let code = text.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard text.count > 3 else { return (code, true, []) }
        switch text[3] {
        case UInt8(ascii: " "): return (code, true, text.dropFirst(4))
        case UInt8(ascii: "-"): return (code, false, text.dropFirst(4))
        default: return nil
        }
    }

    /// The enhanced code at the start of `words`: `class.subject.detail` (RFC 3463 §2), of the class of the basic
    /// code, with the length of it and the space behind it.
    private static func enhancedCode(
        _ words: ArraySlice<UInt8>, basicCode: Int
    ) -> (text: String, length: Int)? {
        let token = words.prefix { $0 != UInt8(ascii: " ") }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual([UInt8(0x30 + basicCode / 100)]) else { return nil }
        guard [2, 4, 5].contains(basicCode / 100) else { return nil }
        for part in parts.dropFirst() {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        }
        return (String(decoding: token, as: UTF8.self), min(token.count + 1, words.count))
    }

    /// Text of a foreign hand as one line: controls become spaces, broken UTF-8 is repaired, the length is bounded.
    static func cleaned(_ bytes: some Sequence<UInt8>) -> String {
        let text = String(decoding: bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.lazy.filter({ !isInvisible($0) }).prefix(textCharactersMax) {
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// C1 controls, line separators and marks that reverse the direction of text.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }
}
