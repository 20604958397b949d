import CCurl

/// The thread side of `HTTPExchange`: one handle, used for one request after the other. Only its thread touches it.
final class HTTPLane {
    private let sockets: OpenSockets
    private let certificateAuthorityFile: String?
    private let responseBytesMax: Int
    private var handle: CurlHandle?
    private var status = 0
    private var headers: [(name: String, value: String)] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// The most bytes of header lines that are kept.
    private static let headerBytesMax = 64 * 1_024
    /// How long a connection without work is kept; the server closes its side about then, too.
    private static let idleSecondsMax = 30

    /// - Parameters:
    ///   - certificateAuthorityFile: replaces the system's authorities, when given.
    ///   - responseBytesMax: the most bytes a response body may have.
    init(
        sockets: OpenSockets, certificateAuthorityFile: String?, responseBytesMax: Int = HTTPExchange.responseBytesMax
    ) {
        self.sockets = sockets
        self.certificateAuthorityFile = certificateAuthorityFile
        self.responseBytesMax = responseBytesMax
    }

    /// Answers jobs until the queue is closed.
    func run(_ queue: WorkQueue<HTTPExchange.Job>) {
        while true {
            switch queue.next(idleAfter: sockets.isEmpty ? nil : .seconds(Self.idleSecondsMax)) {
            case .job(let job): job.continuation.resume(returning: answer(job.request))
            case .idle: handle = nil
            case .closed:
                handle = nil
                return
            }
        }
    }

    /// Sends one request on the calling thread and waits for the whole response.
    func answer(_ request: HTTPExchange.Request) -> HTTPExchange.Outcome {
        if let fault = Self.fault(in: request) {
            return .failure(HTTPExchange.Fault(kind: .request, description: fault))
        }
        defer { forget() }
        forget()
        do throws(CurlFault) {
            let code = try perform(request)
            guard code == CURLE_OK else { return .failure(fault(code)) }
            return .success(HTTPExchange.Response(status: status, headers: headers, body: body))
        } catch {
            return .failure(fault(error.code))
        }
    }

    private func perform(_ request: HTTPExchange.Request) throws(CurlFault) -> CURLcode {
        if handle == nil {
            guard let new = CurlHandle() else { throw CurlFault(code: CURLE_FAILED_INIT) }
            handle = consume new
        }
        // A colon without a value takes a header away: libcurl would wait for "100 Continue" before a large body.
        let lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" } + ["Expect:"]
        guard let list = CurlStringList(lines) else { throw CurlFault(code: CURLE_OUT_OF_MEMORY) }
        // libcurl only borrows the headers: they have to live until the last reset has let go of them.
        return try withExtendedLifetime(list) { () throws(CurlFault) -> CURLcode in
            defer { handle?.reset() }
            handle?.reset()
            try handle?.use(sockets)
            try handle?.apply(request, headers: list)
            try handle?.setTrust(file: certificateAuthorityFile, folder: nil)
            try attach()
            let code = handle?.perform() ?? CURLE_FAILED_INIT
            status = handle?.responseCode ?? 0
            return code
        }
    }

    private func forget() {
        status = 0
        headers = []
        headerBytes = 0
        body = []
        isTooLarge = false
    }

    /// libcurl passes on what it is given, line ends included, so these are looked at here.
    private static func fault(in request: HTTPExchange.Request) -> String? {
        let method = request.method.utf8
        guard !method.isEmpty, method.allSatisfy({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else {
            return "The method is not a word in capitals."
        }
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return "The URL holds a space or a control character."
        }
        for (name, value) in request.headers {
            let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            guard isName, value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
                return "A header holds a control character."
            }
        }
        return nil
    }

    private func fault(_ code: CURLcode) -> HTTPExchange.Fault {
        if isTooLarge {
            return HTTPExchange.Fault(
                kind: .tooLarge, description: "The response is larger than \(responseBytesMax >> 10) KiB.")
        }
        if sockets.isCut { return .stopped }
        let kind: HTTPExchange.Fault.Kind =
            switch code {
            case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST: .unreachable
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .request
            default: .broken
            }
        return HTTPExchange.Fault(kind: kind, description: "\(CurlFault(code: code).text).")
    }
}

// Callbacks.
extension HTTPLane {
    private func attach() throws(CurlFault) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try handle?.setHeaderFunction(context: context) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size &* count)
            return HTTPLane.at(context).receive(header: line) ? line.count : 0
        }
        try handle?.setWriteFunction(context: context) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let part = UnsafeRawBufferPointer(start: bytes, count: size &* count)
            return HTTPLane.at(context).receive(body: part) ? part.count : 0
        }
        try handle?.setProgressFunction(context: context) { context, _, _, _, _ in
            guard let context else { return 1 }
            return HTTPLane.at(context).sockets.isCut ? 1 : 0
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer) -> HTTPLane {
        Unmanaged<HTTPLane>.fromOpaque(context).takeUnretainedValue()
    }

    private func receive(header line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.headerBytesMax else {
            isTooLarge = true
            return false
        }
        // A status line begins a new response: what an interim "100 Continue" said is forgotten.
        if line.starts(with: "HTTP/".utf8) { headers = [] }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let name = line[..<colon].map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        var value = line[(colon + 1)...]
        while let first = value.first, first <= 0x20 { value.removeFirst() }
        while let last = value.last, last <= 0x20 { value.removeLast() }
        headers.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        return true
    }

    private func receive(body part: UnsafeRawBufferPointer) -> Bool {
        guard body.count + part.count <= responseBytesMax else {
            isTooLarge = true
            return false
        }
        body += part
        return true
    }
}

extension CurlHandle {
    /// Sets one request. `headers` must outlive the transfer; the body is copied.
    fileprivate func apply(
        _ request: HTTPExchange.Request, headers: borrowing CurlStringList
    ) throws(CurlFault) {
        try CurlFault.check(hm_curl_set_url(pointer, request.url))
        try CurlFault.check(hm_curl_set_protocols(pointer, "http,https"))
        try CurlFault.check(hm_curl_set_proxy(pointer, ""))
        try CurlFault.check(hm_curl_set_no_proxy(pointer, "*"))
        try CurlFault.check(hm_curl_set_follow_location(pointer, 0))
        let milliseconds = Int(clamping: request.timeout.components.seconds).multipliedReportingOverflow(by: 1_000)
        let fraction = Int(request.timeout.components.attoseconds / 1_000_000_000_000_000)
        let timeout = milliseconds.overflow ? Int(Int32.max) : min(milliseconds.partialValue + fraction, Int(Int32.max))
        try setTimes(connectSeconds: 30)
        try CurlFault.check(hm_curl_set_timeout_ms(pointer, max(timeout, 1)))
        if request.method == "HEAD" {
            try CurlFault.check(hm_curl_set_no_body(pointer, 1))
        } else if let body = request.body {
            try CurlFault.check(hm_curl_set_post_size(pointer, curl_off_t(body.count)))
            // An empty array has no address to copy from, and libcurl would take a null pointer for "no body set".
            let code = (body.isEmpty ? [0] : body).withUnsafeBytes { hm_curl_set_post_copy(pointer, $0.baseAddress) }
            try CurlFault.check(code)
        }
        try CurlFault.check(hm_curl_set_method(pointer, request.method))
        try CurlFault.check(hm_curl_set_http_headers(pointer, headers.head))
    }
}
