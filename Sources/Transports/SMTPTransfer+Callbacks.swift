import CCurl
import Mail

extension SMTPTransfer {
    /// Ties the callbacks of `handle` to this object, which must outlive the handle.
    func attach(to handle: borrowing CurlHandle, showsDialogue: Bool) throws(CurlFault) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try handle.use(sockets)
        try handle.setErrorBuffer(errorText)
        try handle.setReadFunction(context: context) { buffer, size, count, context in
            guard let buffer, let context else { return hm_curl_read_abort() }
            return SMTPTransfer.at(context).fill(buffer, capacity: size &* count)
        }
        try handle.setHeaderFunction(context: context) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size &* count)
            let goesOn = line.withMemoryRebound(to: UInt8.self) { SMTPTransfer.at(context).receive($0) }
            return goesOn ? line.count : 0
        }
        // A mail brings no body back; without this, libcurl's default would print one on standard output.
        try handle.setWriteFunction(context: nil) { _, size, count, _ in size &* count }
        try handle.setProgressFunction(context: context) { context, _, _, _, uploaded in
            guard let context else { return 1 }
            return SMTPTransfer.at(context).goesOn(uploaded: Int64(uploaded)) ? 0 : 1
        }
        guard showsDialogue else { return }
        try handle.setDebugFunction(context: context) { _, type, bytes, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: count)
            SMTPTransfer.at(context).show(type, line)
            return 0
        }
    }

    /// The object behind a context pointer; it is not retained, because its lane holds it.
    private static func at(_ context: UnsafeMutableRawPointer) -> SMTPTransfer {
        Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Shows lines with what belongs to a login hidden: what follows AUTH, and every challenge.
    private func show(_ type: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        switch type {
        case CURLINFO_DATA_OUT: show(.sent("(\(bytes.count) bytes of the message)"))
        case CURLINFO_TEXT, CURLINFO_HEADER_IN, CURLINFO_HEADER_OUT:
            var text = mask.masked(SMTPDialogue.cleaned(bytes))
            while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
            switch type {
            case CURLINFO_TEXT: show(.note(text))
            case CURLINFO_HEADER_IN:
                let isChallenge = text.utf8.starts(with: "334".utf8)
                show(.received(isChallenge ? "334 \(SecretMask.mark)" : text))
            default: showSent(text)
            }
        default: break
        }
    }

    /// Two signs say that a line belongs to the login, and either is enough: the account of the conversation, and that
    /// AUTH was the last command. So a server that says strange things cannot make a password readable.
    private func showSent(_ text: String) {
        noteNewConnection()
        if text.utf8.starts(with: "AUTH ".utf8) {
            isLoginOpen = true
            return show(.sent(text.split(separator: " ").prefix(2).joined(separator: " ")))
        }
        // Base64 holds no colon, and a login that was refused is over.
        let isOther = text.utf8.starts(with: "MAIL FROM:".utf8) || (text == "QUIT" && dialogue.isOver)
        if isOther { isLoginOpen = false }
        let isSecret = !isOther && (isLoginOpen || dialogue.stage == .authentication)
        show(.sent(isSecret ? SecretMask.mark : text))
    }
}
