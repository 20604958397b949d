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

    /// Shows lines with what belongs to a login hidden.
    private func show(_ type: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        var text = SMTPDialogue.cleaned(bytes)
        while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
        switch type {
        case CURLINFO_TEXT: show(.note(text))
        case CURLINFO_HEADER_IN:
            let isChallenge = text.utf8.starts(with: "334".utf8)
            show(.received(isChallenge ? "334 •••" : text))
        case CURLINFO_HEADER_OUT:
            noteNewConnection()
            if dialogue.stage == .authentication {
                let command = text.split(separator: " ").prefix(2)
                let isCommand = command.first.map { $0.utf8.elementsEqual("AUTH".utf8) } ?? false
                show(.sent(isCommand ? command.joined(separator: " ") : "•••"))
            } else {
                show(.sent(text))
            }
        case CURLINFO_DATA_OUT: show(.sent("(\(bytes.count) bytes of the message)"))
        default: break
        }
    }
}
