import CCurl
import Mail

/// The context of libcurl's callbacks: one mail under way on one lane.
///
/// It lives as long as its lane, longer than the lane's handle, and only the lane's thread touches it; what other
/// threads may touch is in `sockets`. The callbacks neither throw nor wait: what goes wrong is noted here and libcurl
/// is told to stop.
final class SMTPTransfer {
    /// Why we ended a transfer ourselves.
    enum OwnEnd {
        /// The transport is shutting down.
        case cut
        /// The upload stalled.
        case stalled
        /// The server's replies have no end.
        case repliesTooLong
        /// A login is configured and the server offers none.
        case loginNotOffered
        /// The message needs SMTPUTF8 and the server does not offer it.
        case smtpUTF8NotOffered
    }

    /// The slowest upload that is still taken for alive.
    static let bytesPerSecondMin: Int64 = 100

    let sockets: OpenSockets
    /// `CURL_ERROR_SIZE` bytes for libcurl's words.
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private(set) var dialogue: SMTPDialogue
    private(set) var ownEnd: OwnEnd?
    /// Hides the login's secrets in everything that is shown or kept.
    private(set) var mask: SecretMask
    /// Between AUTH and the next command of another kind: what is sent belongs to the login.
    var isLoginOpen = false
    let configuration: SMTPConfiguration
    /// Who needs SMTPUTF8 for the message: `sender` or `recipient`, or nobody.
    private(set) var needsSMTPUTF8: SMTPDialogue.Stage?
    private var bytes: [UInt8] = []
    private var offset = 0
    private var socketsSeen = 0
    private var openedAtStart = 0
    /// Whether a connection was open when this mail began.
    private var beganConnected = false
    /// Whether a connection was seen to stand before the server's first word.
    private(set) var sawConnection = false
    private var stallMark: (bytes: Int64, at: ContinuousClock.Instant)?

    init(configuration: SMTPConfiguration, sockets: OpenSockets) {
        self.configuration = configuration
        self.sockets = sockets
        self.mask = SecretMask(configuration.login)
        self.dialogue = SMTPDialogue(security: configuration.security, wantsLogin: configuration.login != nil)
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        errorText.deallocate()
    }

    /// Whether this transfer uses a connection that carried a mail before.
    var isOnKeptConnection: Bool {
        beganConnected && sockets.openedCount == openedAtStart
    }

    /// libcurl's words about the failure, or `nil`.
    var errorWords: String? {
        let words = SMTPDialogue.cleaned(String(cString: errorText).utf8)
        return words.isEmpty ? nil : words
    }

    /// Hides an access token.
    func hide(_ token: Password) {
        mask = SecretMask(nil)
        let bare = configuration.host.filter { $0 != "[" && $0 != "]" }
        mask.add(
            token, username: configuration.login?.username ?? "", host: bare, port: configuration.port)
    }

    /// Begins a mail. The bytes are held until the next one begins.
    func begin(_ message: Message) {
        bytes = message.bytes
        needsSMTPUTF8 = !message.needsSMTPUTF8 ? nil : message.senderNeedsSMTPUTF8 ? .sender : .recipient
        offset = 0
        ownEnd = nil
        isLoginOpen = false
        sawConnection = false
        stallMark = nil
        errorText.pointee = 0
        openedAtStart = sockets.openedCount
        socketsSeen = openedAtStart
        beganConnected = !sockets.isEmpty
        if beganConnected { dialogue.begin() } else { dialogue.beginUnconnected() }
    }

    /// Lets go of the message, which may be large.
    func end() {
        bytes = []
    }

    /// Copies the next bytes of the message; 0 at its end.
    func fill(_ buffer: UnsafeMutablePointer<CChar>, capacity: Int) -> Int {
        let count = min(capacity, bytes.count - offset)
        guard count > 0 else { return 0 }
        bytes.withUnsafeBytes { source in
            UnsafeMutableRawPointer(buffer).copyMemory(from: source.baseAddress! + offset, byteCount: count)
        }
        offset += count
        return count
    }

    /// Takes one reply line; `false` ends the transfer.
    func receive(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        noteNewConnection()
        guard dialogue.receive(line) else {
            ownEnd = .repliesTooLong
            return false
        }
        guard !dialogue.isSkippingLogin else {
            ownEnd = .loginNotOffered
            return false
        }
        guard needsSMTPUTF8 == nil || !dialogue.endedOffersWithoutSMTPUTF8 else {
            ownEnd = .smtpUTF8NotOffered
            return false
        }
        // After a refusal libcurl says QUIT and would wait for the answer, with this mail's verdict long known.
        if dialogue.isOver, let last = dialogue.last, !last.isPositive {
            sockets.endReading()
            // After a refused OAUTHBEARER it would try XOAUTH2 with the same token, which counts against the account.
            return last.stage != .authentication || configuration.login?.isToken != true
        }
        return true
    }

    /// Looks whether to go on, about once a second; `false` ends the transfer.
    func goesOn(uploaded: Int64) -> Bool {
        noteNewConnection()
        if sockets.isCut {
            ownEnd = .cut
            return false
        }
        if dialogue.stage == .connect, !sawConnection { sawConnection = sockets.isAnyConnected }
        guard dialogue.stage == .content, uploaded < Int64(bytes.count) else { return true }
        let now = ContinuousClock.now
        guard let mark = stallMark else {
            stallMark = (uploaded, now)
            return true
        }
        guard now - mark.at >= .seconds(configuration.stallSecondsMax) else { return true }
        if uploaded - mark.bytes < Self.bytesPerSecondMin &* Int64(configuration.stallSecondsMax) {
            ownEnd = .stalled
            return false
        }
        stallMark = (uploaded, now)
        return true
    }

    /// libcurl opened a socket since the last look, so the conversation is a new one.
    func noteNewConnection() {
        let opened = sockets.openedCount
        guard opened != socketsSeen else { return }
        socketsSeen = opened
        dialogue.beginUnconnected()
    }

    /// Shows a line of the conversation to whoever asked for it.
    func show(_ line: SMTPConfiguration.DialogueLine) {
        configuration.onDialogue?(line)
    }
}
